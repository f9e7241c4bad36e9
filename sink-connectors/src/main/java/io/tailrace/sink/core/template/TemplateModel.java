package io.tailrace.sink.core.template;

import io.tailrace.config.Durations;
import io.tailrace.objective.Rule;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Series;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import io.tailrace.sink.core.MetricNames;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one record says, under the names that templates know; what it does not say is absent. */
public final class TemplateModel {
  private final Map<String, Object> values;

  private TemplateModel(Map<String, Object> values) {
    this.values = values;
  }

  Map<String, Object> values() {
    return values;
  }

  /** This and one more name; see {@link Vocabulary#with}. */
  public TemplateModel with(String name, Object value) {
    Map<String, Object> more = new HashMap<>(values);
    more.put(name, value);
    return new TemplateModel(more);
  }

  /** This at another moment: what {{timestamp}} and {{date}} say. */
  public TemplateModel at(long micros) {
    Map<String, Object> moved = new HashMap<>(values);
    moment(moved, micros);
    return new TemplateModel(moved);
  }

  public static TemplateModel of(Aggregate aggregate) {
    Map<String, Object> model = new HashMap<>();
    identity(model, aggregate.getRun(), aggregate.getTestName(), aggregate.getEnvironment());
    model.put("version", aggregate.getVersion());
    model.put("tags", new Printed(aggregate.getTags()));
    series(model, aggregate.getSeries());
    long end = aggregate.getWindowStartMicros() + aggregate.getWindowMicros();
    model.put("window_start", time(aggregate.getWindowStartMicros()));
    model.put("window_ms", aggregate.getWindowMicros() / 1_000);
    model.put("duration", span(aggregate.getCoveredMicros()));
    model.put("complete", aggregate.getComplete());
    model.put("revision", aggregate.getRevision());
    known(model, "virtual_users", aggregate.getActiveUsers());
    moment(model, end);
    metrics(model, MetricNames.of(aggregate));
    return new TemplateModel(model);
  }

  public static TemplateModel of(RunEvent event) {
    Map<String, Object> model = new HashMap<>();
    describe(model, event.getRun(), event.getDescription());
    model.put("event", event.getKind().name().toLowerCase(Locale.ROOT));
    model.put("status", event.getEndMicros() == null ? "running" : "ended");
    model.put("message", event.getMessage());
    known(model, "node", event.getNode());
    model.put("nodes", event.getNodesJoined());
    model.put("start_time", time(event.getStartMicros()));
    Long end = event.getEndMicros();
    model.put("duration", span((end == null ? event.getAtMicros() : end) - event.getStartMicros()));
    if (end != null) {
      model.put("end_time", time(end));
    }
    moment(model, event.getAtMicros());
    return new TemplateModel(model);
  }

  public static TemplateModel of(Violation violation) {
    Map<String, Object> model = new HashMap<>();
    identity(model, violation.getRun(), violation.getTestName(), violation.getEnvironment());
    model.put("version", violation.getVersion());
    model.put("tags", new Printed(violation.getTags()));
    Map<String, Object> episode = objective(violation.getObjective());
    episode.put("metric", violation.getMetric());
    episode.put("actual", violation.getActual());
    episode.put("threshold", violation.getThreshold());
    episode.put("worst", violation.getWorst());
    episode.put("unit", violation.getUnit());
    episode.put("series", violation.getSeries().getName());
    episode.put("state", violation.getState().name().toLowerCase(Locale.ROOT));
    episode.put("episode", violation.getEpisode());
    episode.put("violation_id", violation.getId());
    episode.put("since", time(violation.getSinceMicros()));
    episode.put("message", violation.getMessage());
    model.putAll(episode);
    series(model, violation.getSeries());
    model.put("requests", violation.getRequests());
    model.put("complete", violation.getComplete());
    model.put("sla_passed", false);
    model.put("sla_violations", List.of(episode));
    model.put("violation_details", violation.getMessage());
    model.put("status", "violated");
    moment(model, violation.getAtMicros());
    // The measured value under its metric's own name, as {{error_rate}} in a text about it.
    model.put(violation.getMetric(), violation.getActual());
    model.put("metrics", new Printed(Map.of(violation.getMetric(), violation.getActual())));
    return new TemplateModel(model);
  }

  public static TemplateModel of(RunSummary summary) {
    return of(summary, null);
  }

  /**
   * A run's end, with more than its summary alone knows.
   *
   * @param runTotal the run's total aggregate, which knows users, bytes and machines
   */
  public static TemplateModel of(RunSummary summary, @Nullable Aggregate runTotal) {
    Map<String, Object> model = new HashMap<>();
    describe(model, summary.getRun(), summary.getDescription());
    model.put("duration", span(summary.getEndMicros() - summary.getStartMicros()));
    model.put("start_time", time(summary.getStartMicros()));
    model.put("end_time", time(summary.getEndMicros()));
    model.put("status", summary.getVerdict().name().toLowerCase(Locale.ROOT));
    model.put("sla_passed", summary.getVerdict() == Verdict.PASSED);
    model.put("reasons", String.join("; ", summary.getReasons()));
    model.put("nodes", summary.getLedger().size());
    model.put("revision", summary.getRevision());
    List<Map<String, Object>> violations =
        summary.getObjectives().stream()
            .filter(result -> result.getStatus() == ObjectiveStatus.FAILED)
            .map(TemplateModel::failed)
            .toList();
    model.put("sla_violations", violations);
    model.put(
        "violation_details",
        violations.stream()
            .map(violation -> String.valueOf(violation.get("message")))
            .collect(Collectors.joining("; ")));
    moment(model, summary.getEndMicros());
    Map<String, Number> metrics = new LinkedHashMap<>(MetricNames.of(summary));
    if (runTotal != null) {
      MetricNames.of(runTotal).forEach(metrics::putIfAbsent);
      known(model, "virtual_users", runTotal.getActiveUsers());
    }
    metrics(model, metrics);
    results(model);
    return new TemplateModel(model);
  }

  private static Map<String, Object> failed(ObjectiveResult result) {
    Map<String, Object> failed = objective(result.getObjective());
    failed.put("series", result.getObjective().getSeries());
    failed.put("message", result.getReason());
    failed.put("state", "failed");
    known(failed, "actual", result.getWorst());
    known(failed, "worst", result.getWorst());
    Long since = result.getFirstFailedMicros();
    if (since != null) {
      failed.put("since", time(since));
    }
    return failed;
  }

  private static Map<String, Object> objective(Objective objective) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("objective", objective.getName());
    model.put("expression", objective.getExpression());
    model.put("severity", objective.getSeverity().name().toLowerCase(Locale.ROOT));
    try {
      var condition = Rule.condition(objective.getExpression());
      model.put("metric", condition.metric().name());
      model.put("threshold", condition.threshold());
      model.put("unit", condition.metric().unit().toString());
    } catch (IllegalArgumentException e) {
      // Written by a newer version: its text is there, its parts are not.
      model.put("metric", objective.getExpression());
    }
    return model;
  }

  private static void identity(
      Map<String, Object> model, String run, String testName, String environment) {
    model.put("run_id", run);
    model.put("test_id", run);
    model.put("test_name", testName.isEmpty() ? run : testName);
    model.put("environment", environment);
  }

  private static void describe(
      Map<String, Object> model, String run, @Nullable RunDescription description) {
    if (description == null) {
      identity(model, run, "", "");
      return;
    }
    identity(model, run, description.getTestName(), description.getEnvironment());
    model.put("version", description.getVersion());
    model.put("tags", new Printed(description.getTags()));
    known(model, "git_commit", description.getGitCommit());
    known(model, "git_branch", description.getGitBranch());
    known(model, "report_url", description.getReportUrl());
    known(model, "test_config", description.getPlan());
  }

  private static void series(Map<String, Object> model, Series series) {
    model.put("series", series.getName());
    model.put("method", series.getMethod());
    model.put("group", series.getGroup());
    model.put("series_tags", new Printed(series.getTags()));
  }

  private static void metrics(Map<String, Object> model, Map<String, Number> metrics) {
    metrics.forEach(model::putIfAbsent);
    model.put("metrics", new Printed(metrics));
  }

  /** Everything about a run in one JSON text. */
  private static void results(Map<String, Object> model) {
    Map<String, Object> results = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(List.of("run_id", "test_name", "environment", "version"));
    names.addAll(List.of("status", "sla_passed", "duration", "start_time", "end_time"));
    names.addAll(List.of("metrics", "sla_violations"));
    for (String name : names) {
      known(results, name, model.get(name));
    }
    model.put("results", new Printed(results));
  }

  private static void known(Map<String, Object> model, String name, @Nullable Object value) {
    if (value != null) {
      model.put(name, value);
    }
  }

  private static void moment(Map<String, Object> model, long micros) {
    Instant at = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    model.put("timestamp", at.toString());
    model.put("date", DateName.of(at));
  }

  private static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }

  private static String span(long micros) {
    return Durations.format(Duration.ofMillis(Math.max(0, micros / 1_000)));
  }
}
