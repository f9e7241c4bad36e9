package io.tailrace.sink.core.runner;

import io.tailrace.objective.Glob;
import io.tailrace.objective.SeriesSelector;
import io.tailrace.record.Aggregate;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Series;
import io.tailrace.record.Violation;
import io.tailrace.sink.core.Item;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records a sink delivers; an empty list chooses all.
 *
 * @param windowMicros sizes of windows; totals are chosen by {@code totals} alone
 */
public record Selection(
    List<Glob> runs,
    List<Glob> tests,
    List<Glob> environments,
    List<SeriesSelector> series,
    Set<Long> windowMicros,
    boolean totals) {
  public static final Selection ALL =
      new Selection(List.of(), List.of(), List.of(), List.of(), Set.of(), true);

  /** Whether it is to be delivered. */
  boolean includes(Item item) {
    return switch (item.feed()) {
      case AGGREGATES -> includes(item.as(Aggregate.class));
      case VIOLATIONS -> includes(item.as(Violation.class));
      case RUN_EVENTS -> {
        RunEvent event = item.as(RunEvent.class);
        yield includes(event.getRun(), event.getDescription());
      }
      case SUMMARIES -> {
        RunSummary summary = item.as(RunSummary.class);
        yield includes(summary.getRun(), summary.getDescription());
      }
    };
  }

  private boolean includes(Aggregate aggregate) {
    boolean size =
        aggregate.getTotal()
            ? totals
            : windowMicros.isEmpty() || windowMicros.contains(aggregate.getWindowMicros());
    return size
        && includes(aggregate.getRun(), aggregate.getTestName(), aggregate.getEnvironment())
        && includes(aggregate.getSeries());
  }

  private boolean includes(Violation violation) {
    return includes(violation.getRun(), violation.getTestName(), violation.getEnvironment())
        && includes(violation.getSeries());
  }

  private boolean includes(String run, @Nullable RunDescription description) {
    return description == null
        ? includes(run, "", "")
        : includes(run, description.getTestName(), description.getEnvironment());
  }

  private boolean includes(String run, String test, String environment) {
    return any(runs, run) && any(tests, test) && any(environments, environment);
  }

  private boolean includes(Series candidate) {
    return series.isEmpty() || series.stream().anyMatch(chosen -> chosen.matches(candidate));
  }

  private static boolean any(List<Glob> globs, String text) {
    return globs.isEmpty() || globs.stream().anyMatch(glob -> glob.matches(text));
  }
}
