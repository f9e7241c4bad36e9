package io.tailrace.aggregator.sla;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Series;
import io.tailrace.record.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Judges a run that has ended by other objectives, from its aggregates; tells nobody. */
public final class RunReplay {
  private static final long BASE_MICROS = 1_000_000;
  private static final Consequences NONE =
      new Consequences() {
        @Override
        public void violation(Violation violation) {}

        @Override
        public void command(RunCommand command) {}
      };

  private final RunJudge judge;
  private final Map<Series, Integer> numbers = new LinkedHashMap<>();
  private final Map<Series, Aggregate> totals = new LinkedHashMap<>();

  public RunReplay(List<Objective> objectives, RunSummary summary) {
    RunIdentity identity = new RunIdentity(summary.getRun(), "", "", "", Map.of(), false);
    judge = RunJudge.pin(identity, objectives, BASE_MICROS);
    judge.startAt(summary.getStartMicros());
  }

  /** Takes an aggregate of the run, in the order in which they were published. */
  public void see(Aggregate aggregate) {
    if (aggregate.getSupplement()) {
      return;
    }
    Series series = aggregate.getSeries();
    if (aggregate.getTotal()) {
      totals.put(series, aggregate);
    } else {
      judge.judge(number(series), series, AggregateView.of(aggregate), NONE);
    }
  }

  /** What would have come of the objectives; to be asked once, in the end. */
  public List<ObjectiveResult> results() {
    totals.forEach(
        (series, total) -> judge.judgeTotal(number(series), series, AggregateView.of(total), NONE));
    return judge.results();
  }

  private int number(Series series) {
    return numbers.computeIfAbsent(series, absent -> numbers.size());
  }
}
