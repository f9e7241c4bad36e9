package io.tailrace.sink.core;

import io.tailrace.objective.Glob;
import io.tailrace.record.Aggregate;
import io.tailrace.record.RunSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which metrics a sink sends, and under which names.
 *
 * @param metrics the chosen ones; empty for all
 * @param names other names for some of them
 */
public record MetricShape(List<Glob> metrics, Map<String, String> names) {
  /** All, as they are called here. */
  public static final MetricShape ALL = new MetricShape(List.of(), Map.of());

  public MetricShape {
    metrics = List.copyOf(metrics);
    names = Map.copyOf(names);
  }

  public Map<String, Number> of(Aggregate aggregate) {
    return shaped(MetricNames.of(aggregate));
  }

  public Map<String, Number> of(RunSummary summary) {
    return shaped(MetricNames.of(summary));
  }

  private Map<String, Number> shaped(Map<String, Number> all) {
    if (metrics.isEmpty() && names.isEmpty()) {
      return all;
    }
    Map<String, Number> shaped = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (metrics.isEmpty() || metrics.stream().anyMatch(chosen -> chosen.matches(name))) {
            shaped.put(names.getOrDefault(name, name), value);
          }
        });
    return shaped;
  }
}
