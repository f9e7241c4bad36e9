package io.tailrace.generator.plan;

import java.util.List;

/** The rate of arrivals over a run's time, and from it the exact moment each arrival is due. */
public final class Schedule {

  private final List<Stage> stages;
  private final long[] startNanos;
  private final double[] startArrivals;

  public Schedule(List<Stage> stages) {
    this.stages = List.copyOf(stages);
    startNanos = new long[stages.size() + 1];
    startArrivals = new double[stages.size() + 1];
    for (int i = 0; i < stages.size(); i++) {
      startNanos[i + 1] = startNanos[i] + stages.get(i).nanos();
      startArrivals[i + 1] = startArrivals[i] + stages.get(i).arrivals();
    }
  }

  public List<Stage> stages() {
    return stages;
  }

  public long durationNanos() {
    return startNanos[stages.size()];
  }

  /** How many arrivals the whole schedule expects; Poisson arrivals vary around it. */
  public double arrivals() {
    return startArrivals[stages.size()];
  }

  /** Requests a second asked for at a moment; 0 outside the schedule. */
  public double rateAt(long nanos) {
    if (nanos < 0 || nanos >= durationNanos()) {
      return 0;
    }
    int i = stageAt(nanos);
    return stages.get(i).rateAfter(nanos - startNanos[i]);
  }

  /** How many arrivals are expected before a moment. */
  public double arrivalsUntil(long nanos) {
    if (nanos <= 0) {
      return 0;
    }
    if (nanos >= durationNanos()) {
      return arrivals();
    }
    int i = stageAt(nanos);
    return startArrivals[i] + stages.get(i).arrivalsAfter(nanos - startNanos[i]);
  }

  /** When so many arrivals have come. */
  public long nanosUntil(double arrivals) {
    int i = 0;
    while (i < stages.size() - 1 && startArrivals[i + 1] <= arrivals) {
      i++;
    }
    return startNanos[i] + Math.round(stages.get(i).nanosUntil(arrivals - startArrivals[i]));
  }

  private int stageAt(long nanos) {
    int i = 0;
    while (startNanos[i + 1] <= nanos) {
      i++;
    }
    return i;
  }
}
