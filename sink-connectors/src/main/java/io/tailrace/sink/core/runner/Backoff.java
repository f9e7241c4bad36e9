package io.tailrace.sink.core.runner;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait between attempts: anything up to a growing ceiling, so that retries spread
 * evenly and do not march in step.
 *
 * @param initial the first ceiling
 * @param max the highest ceiling
 */
public record Backoff(Duration initial, Duration max, Strategy strategy) {

  /** How the ceiling grows. */
  public enum Strategy {
    /** Doubles. */
    EXPONENTIAL,
    /** Grows by the first one each time. */
    LINEAR,
    /** Stays. */
    FIXED
  }

  public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  public Backoff(Duration initial, Duration max) {
    this(initial, max, Strategy.EXPONENTIAL);
  }

  public Backoff {
    if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "backoff from " + initial + " to " + max + ": expected 0 < initial <= max");
    }
  }

  /** How long to wait after the given number of attempts that failed, at least 1. */
  public Duration delay(int failedAttempts, RandomGenerator random) {
    long ceiling = Math.min(max.toNanos(), ceiling(Math.min(failedAttempts, 1_000)));
    // Never zero: a target that fails at once must not be asked in a busy loop.
    return Duration.ofNanos(Math.max(ceiling / 20, random.nextLong(ceiling) + 1));
  }

  private long ceiling(int failedAttempts) {
    long first = initial.toNanos();
    return switch (strategy) {
      case EXPONENTIAL -> saturatedShift(first, Math.min(failedAttempts - 1, 30));
      case LINEAR -> first > Long.MAX_VALUE / 1_000 ? Long.MAX_VALUE : first * failedAttempts;
      case FIXED -> first;
    };
  }

  private static long saturatedShift(long value, int by) {
    return value > (Long.MAX_VALUE >> by) ? Long.MAX_VALUE : value << by;
  }
}
