package io.tailrace.benchmarks.aggregate;

import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.Topics;
import io.tailrace.wire.SampleBatchReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The least that any aggregator must do: poll, decode, find each sample's series and window, and
 * record both times into plain HdrHistograms. It publishes nothing and would lose all at a crash.
 */
final class BareConsumer {
  private static final long SECOND = 1_000_000L;
  private static final int OPEN_WINDOWS = 3;

  private final SampleBatchReader reader;
  private final SeriesIds ids = new SeriesIds();
  private Recorded[] bySeries = new Recorded[16];
  private long samples;

  private static final class Recorded {
    final long[] seconds = new long[OPEN_WINDOWS];
    final Histogram[] response = histograms();
    final Histogram[] service = histograms();

    private static Histogram[] histograms() {
      Histogram[] histograms = new Histogram[OPEN_WINDOWS];
      Arrays.setAll(histograms, any -> new Histogram(1, 3_600_000_000L, 3));
      return histograms;
    }

    void record(long end, long latency, long delay) {
      long second = end / SECOND;
      int slot = (int) (second % OPEN_WINDOWS);
      if (seconds[slot] != second) {
        seconds[slot] = second;
        response[slot].reset();
        service[slot].reset();
      }
      response[slot].recordValue(Math.max(1, latency + delay));
      service[slot].recordValue(Math.max(1, latency));
    }
  }

  BareConsumer(SchemaRegistry registry, Topics topics) {
    reader = new SampleBatchReader(registry, SchemaRegistry.valueSubject(topics.samples()));
  }

  /** Reads the topic to its end and returns how fast it went in the second half. */
  double run(BenchCluster cluster, Topics topics, long expected) {
    TopicPartition partition = new TopicPartition(topics.samples(), 0);
    Progress progress = new Progress(expected);
    try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer()) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (samples < expected) {
        for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(200))) {
          record(one.value());
        }
        progress.reached(samples);
      }
    }
    return progress.samplesPerSecond();
  }

  /** Takes one batch. */
  void record(byte[] value) {
    reader.read(value);
    int[] series = new int[reader.seriesCount()];
    for (int i = 0; i < series.length; i++) {
      series[i] = ids.of(reader.bytes(), reader.seriesOffset(i), reader.seriesLength(i));
    }
    Recorded[] byOutcome = new Recorded[reader.outcomeCount()];
    for (int i = 0; i < byOutcome.length; i++) {
      byOutcome[i] = recorded(series[reader.outcomeSeries(i)]);
    }
    int count = reader.sampleCount();
    int[] outcomes = reader.outcomes();
    long[] ends = reader.endMicros();
    long[] latencies = reader.latencyMicros();
    long[] delays = reader.delayMicros();
    for (int i = 0; i < count; i++) {
      byOutcome[outcomes[i]].record(ends[i], latencies[i], delays[i]);
    }
    samples += count;
  }

  long samples() {
    return samples;
  }

  private Recorded recorded(int id) {
    if (id >= bySeries.length) {
      bySeries = Arrays.copyOf(bySeries, bySeries.length * 2);
    }
    Recorded known = bySeries[id];
    if (known == null) {
      known = new Recorded();
      bySeries[id] = known;
    }
    return known;
  }
}
