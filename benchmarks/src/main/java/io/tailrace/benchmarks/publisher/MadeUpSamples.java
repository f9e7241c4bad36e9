package io.tailrace.benchmarks.publisher;

import io.tailrace.publisher.Outcome;
import io.tailrace.publisher.SamplePublisher;
import io.tailrace.publisher.SeriesHandle;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Samples of twenty series with latencies around ten milliseconds, one in fifty failed. */
final class MadeUpSamples {

  static final int COUNT = 1 << 14;

  private static final int SERIES = 20;

  final int[] series = new int[COUNT];
  final int[] status = new int[COUNT];
  final @Nullable String[] error = new String[COUNT];
  final long[] latency = new long[COUNT];
  final long[] delay = new long[COUNT];
  final long[] firstByte = new long[COUNT];
  final long[] received = new long[COUNT];

  MadeUpSamples() {
    Random random = new Random(1);
    for (int i = 0; i < COUNT; i++) {
      boolean failed = random.nextInt(50) == 0;
      series[i] = random.nextInt(SERIES);
      status[i] = failed ? 503 : 200;
      error[i] = failed ? "http_503" : null;
      latency[i] = (long) (10_000 * Math.exp(0.5 * random.nextGaussian()));
      delay[i] = random.nextInt(20) == 0 ? random.nextInt(2_000) : random.nextInt(60);
      firstByte[i] = latency[i] - random.nextInt(300);
      received[i] = 2_000L + random.nextInt(64);
    }
  }

  static String name(int series) {
    return "GET /api/resource-" + series + "/{id}";
  }

  Outcome[] outcomes(SamplePublisher publisher) {
    Outcome[] outcomes = new Outcome[COUNT];
    for (int i = 0; i < COUNT; i++) {
      SeriesHandle handle = publisher.series(name(series[i]), "GET", "browse", Map.of());
      outcomes[i] = publisher.outcome(handle, status[i], error[i]);
    }
    return outcomes;
  }
}
