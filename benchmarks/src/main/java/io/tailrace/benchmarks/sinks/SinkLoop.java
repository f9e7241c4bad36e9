package io.tailrace.benchmarks.sinks;

import io.tailrace.benchmarks.wire.OneSchema;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Origin;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.AvroSerializer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A sink's own work on aggregates in memory, on one thread, without Kafka before it and with
 * somebody behind it who takes everything: how much of a core goes where.
 */
final class SinkLoop {
  private static final int PASSES = 12;
  private static final int A_PASS = 40_000;
  private static final String TOPIC = "tailrace.windows";

  private final MadeUpAggregates made;
  private final Path folder;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  SinkLoop(MadeUpAggregates made, Path folder) {
    this.made = made;
    this.folder = folder;
  }

  /**
   * A line of the thread's microseconds an aggregate, the least of the passes of the second half.
   */
  String measure(SinkCase sinkCase) throws Exception {
    AvroSerializer<Aggregate> serializer =
        new AvroSerializer<>(new OneSchema(Aggregate.getClassSchema()));
    AvroDeserializer<Aggregate> reader =
        new AvroDeserializer<>(Aggregate.class, new OneSchema(Aggregate.getClassSchema()));
    SinkProvider provider = sinkCase.provider();
    double reading = Double.MAX_VALUE;
    double all = Double.MAX_VALUE;
    try (Recorder recorder = new Recorder(sinkCase, folder.resolve("loop"), false);
        Http http = Http.open(HttpConfig.DEFAULT, NetworkRules.DEFAULT)) {
      String block = sinkCase.block(recorder.url());
      try (Sink sink = Sinks.open(provider, block, http)) {
        for (int pass = 0; pass < PASSES; pass++) {
          List<byte[]> records = records(serializer, pass);
          long begin = threads.getCurrentThreadCpuTime();
          int rows = 0;
          for (byte[] record : records) {
            rows += read(reader, record).getByStatus().size();
          }
          if (rows < 0) {
            throw new IllegalStateException("nothing was read");
          }
          double read = (threads.getCurrentThreadCpuTime() - begin) / 1e3 / A_PASS;
          begin = threads.getCurrentThreadCpuTime();
          deliver(sink, reader, records, pass, provider.tuning().batchSize());
          double delivered = (threads.getCurrentThreadCpuTime() - begin) / 1e3 / A_PASS;
          if (pass >= PASSES / 2) {
            reading = Math.min(reading, read);
            all = Math.min(all, delivered);
          }
        }
      }
    }
    return String.format(
        Locale.ROOT,
        "%-12s reading %.2f us, with encoding and sending %.2f us of the thread",
        sinkCase.name().toLowerCase(Locale.ROOT),
        reading,
        all);
  }

  private List<byte[]> records(AvroSerializer<Aggregate> serializer, int pass) {
    List<byte[]> records = new ArrayList<>(A_PASS);
    for (int i = 0; i < A_PASS; i++) {
      records.add(serializer.serialize(TOPIC, made.of(pass * A_PASS + i)));
    }
    return records;
  }

  /** As the runner does: the records of one partition, so many of them at once. */
  private static void deliver(
      Sink sink, AvroDeserializer<Aggregate> reader, List<byte[]> records, int pass, int most)
      throws Exception {
    int size = Math.min(most, 600);
    List<List<Item>> partitions = new ArrayList<>();
    for (int i = 0; i < MadeUpAggregates.RUNS; i++) {
      partitions.add(new ArrayList<>());
    }
    for (int i = 0; i < records.size(); i++) {
      int partition = MadeUpAggregates.partition(i);
      List<Item> batch = partitions.get(partition);
      Origin origin = new Origin(TOPIC, partition, (long) pass * records.size() + i);
      batch.add(new Item(Feed.AGGREGATES, origin, read(reader, records.get(i))));
      if (batch.size() == size || i >= records.size() - MadeUpAggregates.RUNS) {
        Delivery delivery = sink.deliver(batch);
        if (!(delivery instanceof Delivery.Accepted)) {
          throw new IllegalStateException("not taken: " + delivery);
        }
        batch.clear();
      }
    }
  }

  private static Aggregate read(AvroDeserializer<Aggregate> reader, byte[] record) {
    return Objects.requireNonNull(reader.deserialize(TOPIC, record));
  }
}
