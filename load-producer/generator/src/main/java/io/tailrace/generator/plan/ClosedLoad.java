package io.tailrace.generator.plan;

import java.util.random.RandomGenerator;

/** Users who send, wait for the answer, think, and send again: a slow target slows them down. */
public record ClosedLoad(
    int users,
    long rampUpNanos,
    long thinkLeastNanos,
    long thinkMostNanos,
    long durationNanos,
    long seed)
    implements Load {

  /** When a user starts, in nanoseconds after the start; users are counted over the whole fleet. */
  public long startNanos(int user) {
    return users == 0 ? 0 : Math.round((double) rampUpNanos * user / users);
  }

  public long thinkNanos(RandomGenerator random) {
    return thinkLeastNanos == thinkMostNanos
        ? thinkLeastNanos
        : random.nextLong(thinkLeastNanos, thinkMostNanos + 1);
  }
}
