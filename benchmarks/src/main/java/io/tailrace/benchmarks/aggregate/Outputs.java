package io.tailrace.benchmarks.aggregate;

import io.tailrace.topics.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads what came out, and holds every second of every series against the ledger. */
final class Outputs {
  static final long SECOND = 1_000_000L;
  private static final int HEADER_BYTES = 5;

  private final BenchCluster cluster;
  private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();
  private @Nullable BinaryDecoder decoder;

  Outputs(BenchCluster cluster) {
    this.cluster = cluster;
  }

  GenericRecord decode(byte[] value) throws IOException {
    int schemaId = ByteBuffer.wrap(value).getInt(1);
    GenericDatumReader<GenericRecord> reader = readers.get(schemaId);
    if (reader == null) {
      reader = new GenericDatumReader<>(cluster.registry().byId(schemaId));
      readers.put(schemaId, reader);
    }
    decoder =
        DecoderFactory.get()
            .binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, decoder);
    return reader.read(null, decoder);
  }

  /** Complains unless every second of every series has the requests and times published. */
  void check(Topics topics, Fleet fleet) throws IOException {
    Map<String, Integer> series = new HashMap<>();
    for (int i = 0; i < fleet.seriesNames().length; i++) {
      series.put(fleet.seriesNames()[i], i);
    }
    Fleet.Totals expected = fleet.totals();
    // The last revision of a window stands for all of it.
    long[][] requests = new long[expected.seconds()][series.size()];
    long[][] responses = new long[expected.seconds()][series.size()];
    read(
        topics.windows(),
        aggregate -> {
          Integer number =
              series.get(((GenericRecord) aggregate.get("series")).get("name").toString());
          if (number == null
              || (Boolean) aggregate.get("total")
              || (Long) aggregate.get("windowMicros") != SECOND) {
            return;
          }
          long start = (Long) aggregate.get("windowStartMicros");
          int second = (int) ((start - fleet.startMicros()) / SECOND);
          long count = (Long) aggregate.get("requests");
          GenericRecord response = (GenericRecord) aggregate.get("responseTime");
          requests[second][number] = count;
          responses[second][number] =
              response == null ? 0 : Math.round((Double) response.get("meanMicros") * count);
        });
    for (int second = 0; second < expected.seconds(); second++) {
      for (int number = 0; number < series.size(); number++) {
        if (requests[second][number] != expected.requests(second, number)
            || responses[second][number] != expected.responses(second, number)) {
          throw new IllegalStateException(
              "second %d of series %d: %d requests in %d us, expected %d in %d us"
                  .formatted(
                      second,
                      number,
                      requests[second][number],
                      responses[second][number],
                      expected.requests(second, number),
                      expected.responses(second, number)));
        }
      }
    }
  }

  private void read(String topic, Consumer<GenericRecord> each) throws IOException {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer()) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(200))) {
          each.accept(decode(one.value()));
        }
      }
    }
  }
}
