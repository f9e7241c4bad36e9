package io.tailrace.benchmarks.sinks;

import io.tailrace.histogram.HistogramFrame;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.RunMode;
import io.tailrace.record.Series;
import io.tailrace.record.StatusShare;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Aggregates of eight runs with fifty series each, with histograms as a real second leaves them.
 */
final class MadeUpAggregates {
  private static final int RUNS = 8;
  private static final int SERIES = 50;
  private static final long START = 1_763_650_800_000_000L;

  private MadeUpAggregates() {}

  static void publish(String bootstrapServers, String registryUrl, String prefix, int count) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("schema.registry.url", registryUrl);
    properties.put("compression.type", "lz4");
    properties.put("linger.ms", 20);
    AvroSerializer<Aggregate> values = new AvroSerializer<>();
    values.configure(properties, false);
    ByteBuffer histogram = ByteBuffer.wrap(HistogramFrame.encode(histogram(new Random(5))));
    String topic = Topics.withPrefix(prefix).windows();
    try (KafkaProducer<String, Aggregate> producer =
        new KafkaProducer<>(properties, new StringSerializer(), values)) {
      for (int i = 0; i < count; i++) {
        Aggregate aggregate = aggregate(i, histogram);
        // By number, so that all partitions have the same share.
        var unused =
            producer.send(new ProducerRecord<>(topic, i % RUNS % 4, aggregate.getRun(), aggregate));
      }
    }
  }

  private static Histogram histogram(Random random) {
    Histogram histogram = new Histogram(3_600_000_000L, 3);
    for (int i = 0; i < 300; i++) {
      histogram.recordValue((long) (20_000 * Math.exp(random.nextGaussian() * 0.5)));
    }
    return histogram;
  }

  private static Aggregate aggregate(int number, ByteBuffer histogram) {
    int series = number / RUNS % SERIES;
    long window = number / (RUNS * SERIES);
    double jitter = number % 997 / 997.0;
    return Aggregate.newBuilder()
        .setRun("run-" + number % RUNS)
        .setTestName("checkout")
        .setEnvironment("staging")
        .setVersion("1.2.3")
        .setTags(Map.of("team", "payments"))
        .setMode(RunMode.LIVE)
        .setSeries(
            series == 0
                ? new Series("*", "", "", Map.of())
                : new Series("GET /items/" + series, "GET", "browse", Map.of()))
        .setWindowStartMicros(START + window * 1_000_000)
        .setWindowMicros(1_000_000)
        .setTotal(false)
        .setRevision(0)
        .setSupplement(false)
        .setNodesReported(8)
        .setNodesExpected(8)
        .setComplete(true)
        .setCoveredMicros(1_000_000)
        .setRequests(300)
        .setErrors(3)
        .setLate(0)
        .setClamped(0)
        .setThroughput(300.0)
        .setErrorRatePercent(1.0)
        .setResponseTime(times(jitter))
        .setServiceTime(times(jitter / 2))
        .setLatenessMeanMicros(120.5 + jitter)
        .setLatenessMaxMicros(2_000L)
        .setFirstByteMeanMicros(9_000.0 + jitter)
        .setConnectMeanMicros(100.0)
        .setByStatus(
            List.of(new StatusShare(200, 297L, 0L, null), new StatusShare(503, 3L, 3L, null)))
        .setErrorKinds(Map.of("status", 3L))
        .setBytesSent(60_000L)
        .setBytesReceived(900_000L)
        .setActiveUsers(200)
        .setCpuPercent(41.5)
        .setMemoryMb(512.0)
        .setResponseHistogram(histogram.duplicate())
        .setServiceHistogram(histogram.duplicate())
        .build();
  }

  private static Distribution times(double jitter) {
    long by = (long) (jitter * 1_000);
    return new Distribution(
        4_000 + by,
        22_000.0 + jitter,
        91_000 + by,
        11_000.0 + jitter,
        20_000 + by,
        28_000 + by,
        38_000 + by,
        46_000 + by,
        64_000 + by,
        90_000 + by);
  }
}
