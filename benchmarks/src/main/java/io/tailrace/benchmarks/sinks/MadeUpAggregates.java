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
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Aggregates of eight runs with fifty series each, second after second. */
final class MadeUpAggregates {
  /** What the aggregates hold. */
  enum Shape {
    /** All the same: 300 different values in each of two histograms. */
    DENSE,
    /** What a run of 5,000 requests a second of uneven series leaves: no two alike for a while. */
    MIXED
  }

  static final int RUNS = 8;
  private static final int SERIES = 50;
  private static final int PARTITIONS = 4;
  private static final long START = 1_763_650_800_000_000L;

  private final IntFunction<Aggregate> byNumber;
  private final long startMicros;

  MadeUpAggregates(Shape shape) {
    this(shape, START);
  }

  MadeUpAggregates(Shape shape, long startMicros) {
    this.startMicros = startMicros;
    if (shape == Shape.DENSE) {
      ByteBuffer histogram = ByteBuffer.wrap(HistogramFrame.encode(histogram(new Random(5))));
      byNumber = number -> dense(number, histogram);
    } else {
      MixedSeconds seconds = new MixedSeconds(SERIES);
      byNumber = number -> mixed(number, seconds);
    }
  }

  /** Those of all runs and series in turn; good until the next is asked for. */
  Aggregate of(int number) {
    Aggregate aggregate = byNumber.apply(number);
    aggregate.setWindowStartMicros(startMicros + (long) number / (RUNS * SERIES) * 1_000_000);
    return aggregate;
  }

  /** All of a run are in one partition, and all partitions have the same share. */
  static int partition(int number) {
    return number % RUNS % PARTITIONS;
  }

  void publish(String bootstrapServers, String registryUrl, String prefix, int count) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("schema.registry.url", registryUrl);
    properties.put("compression.type", "lz4");
    properties.put("linger.ms", 20);
    AvroSerializer<Aggregate> values = new AvroSerializer<>();
    values.configure(properties, false);
    String topic = Topics.withPrefix(prefix).windows();
    try (KafkaProducer<String, Aggregate> producer =
        new KafkaProducer<>(properties, new StringSerializer(), values)) {
      for (int i = 0; i < count; i++) {
        Aggregate aggregate = of(i);
        // It is written before send() returns.
        var unused =
            producer.send(new ProducerRecord<>(topic, partition(i), aggregate.getRun(), aggregate));
      }
    }
  }

  static Series series(int number) {
    return number == 0
        ? new Series("*", "", "", Map.of())
        : new Series("GET /items/" + number, "GET", "browse", Map.of());
  }

  private static Aggregate mixed(int number, MixedSeconds seconds) {
    long second = number / (RUNS * SERIES);
    int run = number % RUNS;
    Aggregate aggregate = seconds.of(number / RUNS % SERIES, second + 2L * run);
    aggregate.setRun("run-" + run);
    return aggregate;
  }

  private static Histogram histogram(Random random) {
    Histogram histogram = new Histogram(3_600_000_000L, 3);
    for (int i = 0; i < 300; i++) {
      histogram.recordValue((long) (20_000 * Math.exp(random.nextGaussian() * 0.5)));
    }
    return histogram;
  }

  private static Aggregate dense(int number, ByteBuffer histogram) {
    int series = number / RUNS % SERIES;
    double jitter = number % 997 / 997.0;
    return Aggregate.newBuilder()
        .setRun("run-" + number % RUNS)
        .setTestName("checkout")
        .setEnvironment("staging")
        .setVersion("1.2.3")
        .setTags(Map.of("team", "payments"))
        .setMode(RunMode.LIVE)
        .setSeries(series(series))
        .setWindowStartMicros(0)
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
