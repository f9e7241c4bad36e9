package io.tailrace.generator.plan;

/** How much load: requests that arrive whatever the target does, or users who wait for it. */
public sealed interface Load permits OpenLoad, ClosedLoad {

  long durationNanos();

  /** Which requests and random values a run draws; the same seed draws the same. */
  long seed();
}
