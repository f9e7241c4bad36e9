package io.tailrace.generator.plan;

/** Arrivals by a schedule: a slow target does not slow them down. */
public record OpenLoad(Schedule schedule, ArrivalPattern pattern, long seed, int maxSessions)
    implements Load {

  @Override
  public long durationNanos() {
    return schedule.durationNanos();
  }

  public Arrivals arrivals(Share share) {
    return new Arrivals(schedule, pattern, seed, share);
  }
}
