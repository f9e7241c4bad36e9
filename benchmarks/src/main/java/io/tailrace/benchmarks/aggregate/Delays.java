package io.tailrace.benchmarks.aggregate;

import io.tailrace.record.RunMode;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** How long after its end a window can be read, with a fleet that publishes in real time. */
final class Delays {
  private static final int NODES = 4;
  private static final int SERIES = 20;
  private static final long FLUSH_MICROS = 100_000;
  // A node promises no more than that nothing older is still on its way.
  private static final long PROMISE_BEHIND_MICROS = 100_000;
  private static final int SAMPLES_A_BATCH = 5_000;
  private static final int WARM_UP_WINDOWS = 8;

  private final BenchCluster cluster;
  private final Topics topics;
  private final Fleet fleet;
  private final long samplesPerSecond;
  private final int seconds;

  Delays(BenchCluster cluster, Topics topics, long samplesPerSecond, int seconds) {
    this.cluster = cluster;
    this.topics = topics;
    this.samplesPerSecond = samplesPerSecond;
    this.seconds = seconds;
    long start = (nowMicros() / Outputs.SECOND + 2) * Outputs.SECOND;
    fleet =
        new Fleet(
            "live", RunMode.LIVE, NODES, SERIES, start, seconds + 1, cluster.schemaId(topics));
  }

  Fleet fleet() {
    return fleet;
  }

  /** Publishes and reads at the same time; the delays of all windows but the first few, sorted. */
  List<Double> run() throws IOException, InterruptedException {
    Thread publisher = new Thread(this::publish, "publisher");
    publisher.start();
    List<Double> delays = read();
    publisher.join();
    List<Double> counted =
        new ArrayList<>(delays.subList(Math.min(WARM_UP_WINDOWS, delays.size()), delays.size()));
    Collections.sort(counted);
    return counted;
  }

  private void publish() {
    long flushes = seconds * Outputs.SECOND / FLUSH_MICROS;
    int samples = (int) (samplesPerSecond * FLUSH_MICROS / Outputs.SECOND / NODES);
    try (Producer<String, byte[]> producer = cluster.producer()) {
      for (long flush = 1; flush <= flushes; flush++) {
        for (int node = 0; node < NODES; node++) {
          long phase = FLUSH_MICROS * node / NODES;
          long at = fleet.startMicros() + flush * FLUSH_MICROS + phase;
          LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(at - nowMicros()));
          publish(producer, node, at, samples, flush == flushes);
        }
      }
    }
  }

  private void publish(
      Producer<String, byte[]> producer, int node, long at, int samples, boolean last) {
    long from = Math.max(fleet.startMicros(), at - FLUSH_MICROS);
    for (int done = 0; done < samples; done += SAMPLES_A_BATCH) {
      int count = Math.min(SAMPLES_A_BATCH, samples - done);
      boolean lastOfFlush = done + count == samples;
      long begin = from + (at - from) * done / samples;
      long end = from + (at - from) * (done + count) / samples;
      long watermark = (lastOfFlush ? at : from) - PROMISE_BEHIND_MICROS;
      byte[] batch = fleet.batch(node, begin, end, count, watermark, last && lastOfFlush);
      Future<RecordMetadata> unused =
          producer.send(new ProducerRecord<>(topics.samples(), fleet.run(), batch));
    }
  }

  private List<Double> read() throws IOException {
    List<Double> delays = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    Outputs outputs = new Outputs(cluster);
    TopicPartition partition = new TopicPartition(topics.windows(), 0);
    long deadline = fleet.startMicros() + (seconds + 20) * Outputs.SECOND;
    try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer()) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (seen.size() < seconds && nowMicros() < deadline) {
        for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(100))) {
          long readable = nowMicros();
          GenericRecord aggregate = outputs.decode(one.value());
          if (!(Boolean) aggregate.get("total")
              && (Long) aggregate.get("windowMicros") == Outputs.SECOND
              && seen.add((Long) aggregate.get("windowStartMicros"))) {
            long end = (Long) aggregate.get("windowStartMicros") + Outputs.SECOND;
            delays.add((readable - end) / 1000.0);
          }
        }
      }
    }
    return delays;
  }

  private static long nowMicros() {
    return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
  }
}
