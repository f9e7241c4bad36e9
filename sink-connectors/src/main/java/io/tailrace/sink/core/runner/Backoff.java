package io.tailrace.sink.core.runner;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Full-jitter exponential backoff: attempts spread evenly, so that retries do not march in step.
 */
public record Backoff(Duration initial, Duration max) {

  public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  public Backoff {
    if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "backoff from " + initial + " to " + max + ": expected 0 < initial <= max");
    }
  }

  /** How long to wait after the given number of attempts that failed, at least 1. */
  public Duration delay(int failedAttempts, RandomGenerator random) {
    int doublings = Math.min(failedAttempts - 1, 30);
    long ceiling = Math.min(max.toNanos(), saturatedShift(initial.toNanos(), doublings));
    // Never zero: a target that fails at once must not be asked in a busy loop.
    return Duration.ofNanos(Math.max(ceiling / 20, random.nextLong(ceiling) + 1));
  }

  private static long saturatedShift(long value, int by) {
    return value > (Long.MAX_VALUE >> by) ? Long.MAX_VALUE : value << by;
  }
}
