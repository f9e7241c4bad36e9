package io.tailrace.sink.core.template;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The names a template may refer to, each with a value such as it may have. */
public final class Vocabulary {
  private static final String TEXT = "text";
  private static final List<String> METRICS =
      List.of(
          "requests",
          "errors",
          "error_rate",
          "throughput",
          "lateness_avg",
          "lateness_max",
          "first_byte_avg",
          "connect_avg",
          "bytes_sent",
          "bytes_received",
          "active_users",
          "cpu_percent",
          "memory_mb");
  private static final List<String> STATISTICS =
      List.of("avg", "min", "max", "stdev", "p50", "p75", "p90", "p95", "p99", "p999");
  private static final List<String> TEXTS =
      List.of(
          "test_name",
          "environment",
          "version",
          "run_id",
          "test_id",
          "duration",
          "virtual_users",
          "status",
          "sla_passed",
          "violation_details",
          "report_url",
          "timestamp",
          "test_config",
          "git_commit",
          "git_branch",
          "nodes",
          "reasons",
          "start_time",
          "end_time",
          "series",
          "method",
          "group",
          "window_start",
          "window_ms",
          "complete",
          "revision",
          "event",
          "node",
          "message");
  private static final List<String> VIOLATION =
      List.of(
          "objective",
          "expression",
          "severity",
          "metric",
          "actual",
          "threshold",
          "worst",
          "unit",
          "series",
          "state",
          "episode",
          "violation_id",
          "since",
          "message");

  public static final Vocabulary STANDARD = standard();

  private final Map<String, Object> sample;

  private Vocabulary(Map<String, Object> sample) {
    this.sample = sample;
  }

  /** These names and one more that a sink sets itself. */
  public Vocabulary with(String name, Object example) {
    Map<String, Object> more = new LinkedHashMap<>(sample);
    more.put(name, example);
    return new Vocabulary(more);
  }

  /** The names at the root, env among them. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(sample.keySet());
    names.add("env");
    return names;
  }

  Map<String, Object> sample() {
    return sample;
  }

  private static Vocabulary standard() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    METRICS.forEach(name -> metrics.put(name, 1L));
    for (String prefix : List.of("response_time_", "service_time_")) {
      STATISTICS.forEach(name -> metrics.put(prefix + name, 1.0));
    }
    Map<String, Object> violation = new LinkedHashMap<>();
    VIOLATION.forEach(name -> violation.put(name, TEXT));
    Map<String, Object> sample = new LinkedHashMap<>(metrics);
    TEXTS.forEach(name -> sample.put(name, TEXT));
    sample.putAll(violation);
    sample.put("metrics", metrics);
    sample.put("results", Map.of());
    sample.put("tags", Map.of());
    sample.put("series_tags", Map.of());
    sample.put("date", DateName.of(Instant.EPOCH));
    sample.put("sla_violations", List.of(violation));
    return new Vocabulary(sample);
  }
}
