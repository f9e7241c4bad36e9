package io.tailrace.aggregator.proof;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One request as the load made it up. */
record Sample(
    Outcome outcome,
    long endMicros,
    long latencyMicros,
    long delayMicros,
    long firstByteMicros,
    long connectMicros,
    long bytesSent,
    long bytesReceived) {
  /** How a request ended. */
  record Outcome(int status, @Nullable String error) {}

  private static final Outcome[] OUTCOMES = {
    new Outcome(200, null),
    new Outcome(404, null),
    new Outcome(500, "HTTP 500"),
    new Outcome(0, "timeout"),
    new Outcome(200, "wrong answer")
  };

  /** Log-normal latencies, some late starts, some values beyond the bounds, a few failures. */
  static Sample random(Random random, int series, long endMicros) {
    long latency = (long) Math.exp(8 + 0.1 * series + 0.7 * random.nextGaussian());
    int special = random.nextInt(10_000);
    if (special == 0) {
      latency = 0;
    } else if (special == 1) {
      latency = 4_000_000_000L;
    }
    // Every third series is never late: its two histograms are one.
    long delay = series % 3 == 0 || random.nextInt(5) > 0 ? 0 : random.nextInt(20_000);
    Outcome outcome = random.nextInt(20) > 0 ? OUTCOMES[0] : OUTCOMES[random.nextInt(5)];
    return new Sample(
        outcome,
        endMicros,
        latency,
        delay,
        random.nextBoolean() ? -1 : latency / 2,
        random.nextInt(10) > 0 ? 0 : random.nextInt(3_000),
        100 + random.nextInt(400),
        random.nextInt(20_000));
  }

  /** The same by another clock. */
  Sample shifted(long micros) {
    return new Sample(
        outcome,
        endMicros + micros,
        latencyMicros,
        delayMicros,
        firstByteMicros,
        connectMicros,
        bytesSent,
        bytesReceived);
  }
}
