package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Casting;
import io.tailrace.generator.plan.ClosedLoad;
import io.tailrace.generator.plan.Scenario;
import io.tailrace.generator.plan.Share;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Users who wait for each answer, think, and come again. */
final class ClosedWorkload implements Workload {

  /** A user's next turn. */
  private record Turn(int user, long iteration, long dueNanos) {}

  private final ClosedLoad load;
  private final Casting casting;
  private final Outcomes outcomes;
  private final LoopStats stats;
  private final RandomGenerator random;
  private final PriorityQueue<Turn> turns =
      new PriorityQueue<>(Comparator.comparingLong(Turn::dueNanos));
  private final Map<Integer, Long> iterations = new HashMap<>();
  private long endNanos;

  ClosedWorkload(
      ClosedLoad load,
      Share loop,
      Casting casting,
      Outcomes outcomes,
      LoopStats stats,
      long startNanos) {
    this.load = load;
    this.casting = casting;
    this.outcomes = outcomes;
    this.stats = stats;
    this.random = new SplittableRandom(load.seed() + loop.index());
    this.endNanos = startNanos + load.durationNanos();
    for (int user = loop.index(); user < load.users(); user += loop.of()) {
      turns.add(new Turn(user, user, startNanos + load.startNanos(user)));
    }
  }

  @Override
  public long nextDueNanos() {
    Turn turn = turns.peek();
    return turn == null ? Long.MAX_VALUE : turn.dueNanos();
  }

  @Override
  public @Nullable Visit next(long nowNanos) {
    Turn turn = turns.remove();
    if (turn.dueNanos() >= endNanos) {
      return null;
    }
    stats.due();
    iterations.put(turn.user(), turn.iteration());
    Scenario scenario = casting.scenario(turn.iteration());
    return new Visit(
        scenario, casting.session(scenario, turn.iteration()), this, turn.user(), turn.dueNanos());
  }

  @Override
  public void giveUp(long nowNanos, String error) {
    Turn turn = turns.remove();
    stats.due();
    outcomes.unsent(
        casting.scenario(turn.iteration()).steps().get(0), turn.dueNanos(), nowNanos, error);
    again(turn.user(), turn.iteration(), nowNanos);
  }

  @Override
  public long patienceNanos() {
    Turn turn = turns.peek();
    return turn == null
        ? Long.MAX_VALUE
        : casting.scenario(turn.iteration()).steps().get(0).timeoutNanos();
  }

  @Override
  public void over(Visit visit, long nowNanos) {
    Long iteration = iterations.remove(visit.user());
    if (iteration != null) {
      again(visit.user(), iteration, nowNanos);
    }
  }

  private void again(int user, long iteration, long nowNanos) {
    long due = nowNanos + load.thinkNanos(random);
    if (due < endNanos) {
      turns.add(new Turn(user, iteration + load.users(), due));
    }
  }

  @Override
  public boolean isExhausted() {
    return turns.isEmpty() && iterations.isEmpty();
  }

  @Override
  public void endAt(long nanos) {
    endNanos = Math.min(endNanos, nanos);
    turns.removeIf(turn -> turn.dueNanos() >= endNanos);
  }

  @Override
  public boolean finishesVisits() {
    return false;
  }
}
