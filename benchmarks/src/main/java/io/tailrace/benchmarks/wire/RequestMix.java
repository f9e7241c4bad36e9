package io.tailrace.benchmarks.wire;

import io.tailrace.wire.SampleBatchWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The requests of one node for a moment: 20 series of uneven weight at 10,000 a second, log-normal
 * latencies, one in a hundred failed, every field known.
 */
final class RequestMix {
  static final String RUN = "checkout-2026-11-21T08:00:00Z-7f3a";
  static final String NODE = "load-7.eu-west-1.example.org";
  static final long START_MICROS = 1_795_248_000_000_000L;

  private static final int SERIES = 20;
  private static final double MEAN_GAP_MICROS = 100;
  private static final double FAILED = 0.01;
  private static final double RECONNECTED = 0.05;

  final List<Sample> samples = new ArrayList<>();
  private final Random random;

  /** With {@code kind} 0 for a success and 1 for a failure. */
  record Sample(
      int series,
      int kind,
      long endMicros,
      long latencyMicros,
      long delayMicros,
      long firstByteMicros,
      long connectMicros,
      long bytesSent,
      long bytesReceived) {}

  RequestMix(int count, long seed) {
    random = new Random(seed);
    long end = START_MICROS;
    for (int i = 0; i < count; i++) {
      end += (long) (-Math.log(1 - random.nextDouble()) * MEAN_GAP_MICROS);
      samples.add(sample(end));
    }
  }

  private Sample sample(long end) {
    // Squared, so that the first series has a fifth of the requests and the last a fortieth.
    int series = (int) (SERIES * random.nextDouble() * random.nextDouble());
    boolean failed = random.nextDouble() < FAILED;
    long latency = logNormal(4_000 + 6_000 * series, 0.6);
    long body = Math.min(latency - 1, logNormal(250 + 40 * series, 0.8));
    long connect = random.nextDouble() < RECONNECTED ? logNormal(900, 0.4) : 0;
    long received =
        failed ? 180 : series % 2 == 0 ? 512 + 64 * series : logNormal(2_000 + 900 * series, 0.4);
    return new Sample(
        series,
        failed ? 1 : 0,
        end,
        latency,
        logNormal(60, 0.7),
        latency - body,
        connect,
        300 + 12 * series + random.nextInt(8),
        received);
  }

  private long logNormal(double median, double sigma) {
    return Math.max(2, (long) (median * Math.exp(sigma * random.nextGaussian())));
  }

  static int[][] describe(SampleBatchWriter writer) {
    writer.begin(RUN, NODE, START_MICROS - 60_000_000);
    int[][] outcomes = new int[SERIES][];
    for (int i = 0; i < SERIES; i++) {
      int series =
          writer.series(
              "GET /api/shop/items/{id}/part-" + i, "GET", "browse", Map.of("zone", "eu"));
      outcomes[i] =
          new int[] {writer.outcome(series, 200, null), writer.outcome(series, 503, "HTTP 503")};
    }
    writer.health(120, 35.5, 812);
    return outcomes;
  }

  byte[] columns(SampleBatchWriter writer) {
    int[][] outcomes = describe(writer);
    for (Sample s : samples) {
      writer.sample(
          outcomes[s.series()][s.kind()],
          s.endMicros(),
          s.latencyMicros(),
          s.delayMicros(),
          s.firstByteMicros(),
          s.connectMicros(),
          s.bytesSent(),
          s.bytesReceived());
    }
    return finish(writer);
  }

  static byte[] finish(SampleBatchWriter writer) {
    return writer.finish(17, 17_000, 0, START_MICROS + 1_000_000, START_MICROS + 900_000);
  }
}
