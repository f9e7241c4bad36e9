package io.tailrace.generator.plan;

import java.util.SplittableRandom;

/**
 * One share of a schedule's arrivals, in order. Every share walks the same sequence and takes each
 * of-th of it, so that the shares of a fleet together are exactly the whole. Not thread-safe.
 */
public final class Arrivals {

  private final Schedule schedule;
  private final Share share;
  private final ArrivalPattern pattern;
  private final SplittableRandom random;
  private final long uniformTotal;
  private final double expected;

  private long nextIndex;
  private double poissonArrivals;
  private long index = -1;
  private long dueNanos;

  public Arrivals(Schedule schedule, ArrivalPattern pattern, long seed, Share share) {
    this.schedule = schedule;
    this.pattern = pattern;
    this.share = share;
    this.random = new SplittableRandom(seed);
    this.expected = schedule.arrivals();
    this.uniformTotal = Math.round(expected);
    this.nextIndex = share.index();
    if (pattern == ArrivalPattern.POISSON) {
      passPoisson(share.index() + 1L);
    }
  }

  /** Goes to the next arrival; false when there is none left. */
  public boolean advance() {
    return switch (pattern) {
      case UNIFORM -> advanceUniform();
      case POISSON -> advancePoisson();
    };
  }

  /** Which arrival of the whole schedule this is, from 0. */
  public long index() {
    return index;
  }

  /** When it is due, in nanoseconds after the start. */
  public long dueNanos() {
    return dueNanos;
  }

  private boolean advanceUniform() {
    if (nextIndex >= uniformTotal) {
      return false;
    }
    index = nextIndex;
    dueNanos = schedule.nanosUntil(index + 0.5);
    nextIndex += share.of();
    return true;
  }

  private boolean advancePoisson() {
    if (poissonArrivals >= expected) {
      return false;
    }
    index = nextIndex;
    dueNanos = schedule.nanosUntil(poissonArrivals);
    nextIndex += share.of();
    passPoisson(share.of());
    return true;
  }

  /** A Poisson process of rate one, which the schedule then stretches to its own rate. */
  private void passPoisson(long arrivals) {
    for (long i = 0; i < arrivals && poissonArrivals < expected; i++) {
      poissonArrivals += random.nextExponential();
    }
  }
}
