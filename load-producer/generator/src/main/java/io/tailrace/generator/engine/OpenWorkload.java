package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Arrivals;
import io.tailrace.generator.plan.Casting;
import io.tailrace.generator.plan.OpenLoad;
import io.tailrace.generator.plan.Scenario;
import io.tailrace.generator.plan.Share;
import io.tailrace.generator.plan.Step;
import org.jspecify.annotations.Nullable;

/**
 * Arrivals by a schedule. The schedule itself is the queue of what is due and not yet sent, so that
 * a target that hangs costs no memory and no arrival is forgotten.
 */
final class OpenWorkload implements Workload {

  private final Arrivals arrivals;
  private final Casting casting;
  private final Outcomes outcomes;
  private final LoopStats stats;
  private final long startNanos;
  private final int maxVisits;
  private long endNanos = Long.MAX_VALUE;
  private long dueNanos;
  private Scenario scenario;
  private int visits;

  OpenWorkload(
      OpenLoad load,
      Share loop,
      int maxVisits,
      Casting casting,
      Outcomes outcomes,
      LoopStats stats,
      long startNanos) {
    this.arrivals = load.arrivals(loop);
    this.casting = casting;
    this.outcomes = outcomes;
    this.stats = stats;
    this.startNanos = startNanos;
    this.maxVisits = maxVisits;
    this.scenario = casting.scenario(0);
    advance();
  }

  /** Leaves out what was due before a moment: for a node that comes late. */
  void skipUntil(long nanos) {
    while (dueNanos < nanos) {
      advance();
    }
  }

  private void advance() {
    if (arrivals.advance() && startNanos + arrivals.dueNanos() < endNanos) {
      dueNanos = startNanos + arrivals.dueNanos();
      scenario = casting.scenario(arrivals.index());
    } else {
      dueNanos = Long.MAX_VALUE;
    }
  }

  @Override
  public long nextDueNanos() {
    return dueNanos;
  }

  @Override
  public @Nullable Visit next(long nowNanos) {
    if (visits >= maxVisits) {
      giveUp(nowNanos, ErrorKind.OVERLOAD);
      return null;
    }
    visits++;
    stats.due();
    Visit visit =
        new Visit(scenario, casting.session(scenario, arrivals.index()), this, -1, dueNanos);
    advance();
    return visit;
  }

  @Override
  public void giveUp(long nowNanos, String error) {
    Step first = scenario.steps().get(0);
    stats.due();
    outcomes.unsent(first, dueNanos, nowNanos, error);
    advance();
  }

  @Override
  public long patienceNanos() {
    return scenario.steps().get(0).timeoutNanos();
  }

  @Override
  public void over(Visit visit, long nowNanos) {
    visits--;
  }

  @Override
  public boolean isExhausted() {
    return dueNanos == Long.MAX_VALUE;
  }

  @Override
  public void endAt(long nanos) {
    endNanos = Math.min(endNanos, nanos);
    if (dueNanos >= endNanos) {
      dueNanos = Long.MAX_VALUE;
    }
  }

  @Override
  public boolean finishesVisits() {
    return true;
  }
}
