package io.tailrace.sink.jira;

import io.tailrace.objective.Condition;
import io.tailrace.objective.Measurements;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** When there is to be an issue: any one of these is enough. */
record Conditions(List<Condition> any) {
  static final Conditions DEFAULT = new Conditions(List.of(Condition.parse("sla_violations")));

  Conditions {
    any = List.copyOf(any);
  }

  /** Reads texts such as "error_rate > 5" and entries such as {@code error_rate: "> 5"}. */
  static Conditions of(Object tree) {
    List<Condition> conditions = new ArrayList<>();
    for (Object item : tree instanceof List<?> list ? list : List.of(tree)) {
      if (item instanceof Map<?, ?> entries) {
        entries.forEach(
            (key, value) -> conditions.add(Condition.parse(String.valueOf(key), value)));
      } else {
        conditions.add(Condition.parse(String.valueOf(item)));
      }
    }
    if (conditions.isEmpty()) {
      throw new IllegalArgumentException("expected at least one, such as sla_violations: true");
    }
    return new Conditions(conditions);
  }

  boolean hold(RunSummary summary) {
    boolean violated =
        summary.getObjectives().stream()
            .anyMatch(objective -> objective.getStatus() == ObjectiveStatus.FAILED);
    Measurements measured = Measurements.of(summary);
    return any.stream().anyMatch(condition -> condition.holds(measured, violated));
  }

  /** A violation knows one metric; conditions on others do not hold. */
  boolean hold(Violation violation) {
    return any.stream().anyMatch(condition -> holds(condition, violation));
  }

  private static boolean holds(Condition condition, Violation violation) {
    if (condition instanceof Condition.OfMetric metric) {
      return metric.metric().name().equals(violation.getMetric())
          && metric.holds(violation.getActual());
    }
    return condition instanceof Condition.OfObjectives objectives && objectives.expected();
  }
}
