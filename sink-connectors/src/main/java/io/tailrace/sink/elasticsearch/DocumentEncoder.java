package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tailrace.record.Aggregate;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Series;
import io.tailrace.record.StatusShare;
import io.tailrace.record.Violation;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as JSON objects, one each, under the names that all sinks share. */
final class DocumentEncoder {
  private static final long SECOND = 1_000_000;

  private final boolean histograms;

  /**
   * @param histograms whether the server has a field for them
   */
  DocumentEncoder(boolean histograms) {
    this.histograms = histograms;
  }

  void aggregate(JsonGenerator json, Aggregate aggregate, Map<String, Number> metrics)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("timestamp", time(aggregate.getWindowStartMicros()));
    run(json, aggregate.getRun(), aggregate.getTestName(), aggregate.getEnvironment());
    json.writeStringField("version", aggregate.getVersion());
    texts(json, "tags", aggregate.getTags());
    series(json, aggregate.getSeries());
    json.writeStringField("window", window(aggregate));
    json.writeNumberField("window_ms", aggregate.getWindowMicros() / 1_000);
    json.writeNumberField("revision", aggregate.getRevision());
    json.writeBooleanField("supplement", aggregate.getSupplement());
    json.writeBooleanField("complete", aggregate.getComplete());
    json.writeNumberField("nodes_reported", aggregate.getNodesReported());
    json.writeNumberField("nodes_expected", aggregate.getNodesExpected());
    json.writeNumberField("late", aggregate.getLate());
    json.writeNumberField("clamped", aggregate.getClamped());
    metrics(json, metrics);
    json.writeObjectFieldStart("by_status");
    for (StatusShare share : aggregate.getByStatus()) {
      json.writeNumberField(String.valueOf(share.getStatus()), share.getRequests());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("errors_by_kind");
    for (Map.Entry<String, Long> kind : aggregate.getErrorKinds().entrySet()) {
      json.writeNumberField(fieldName(kind.getKey()), kind.getValue());
    }
    json.writeEndObject();
    if (histograms) {
      HistogramField.write(json, "response_time", aggregate.getResponseHistogram());
      HistogramField.write(
          json,
          "service_time",
          aggregate.getServiceHistogram() == null
              ? aggregate.getResponseHistogram()
              : aggregate.getServiceHistogram());
    }
    json.writeEndObject();
  }

  void violation(JsonGenerator json, Violation violation) throws IOException {
    json.writeStartObject();
    json.writeStringField("timestamp", time(violation.getSinceMicros()));
    run(json, violation.getRun(), violation.getTestName(), violation.getEnvironment());
    json.writeStringField("version", violation.getVersion());
    texts(json, "tags", violation.getTags());
    series(json, violation.getSeries());
    json.writeStringField("violation_id", violation.getId());
    json.writeStringField("state", violation.getState().name());
    json.writeStringField("objective", violation.getObjective().getName());
    json.writeStringField("expression", violation.getObjective().getExpression());
    json.writeStringField("severity", violation.getObjective().getSeverity().name());
    json.writeNumberField("episode", violation.getEpisode());
    json.writeNumberField("sequence", violation.getSequence());
    json.writeStringField("metric", violation.getMetric());
    json.writeStringField("unit", violation.getUnit());
    metric(json, "actual", violation.getActual());
    metric(json, "threshold", violation.getThreshold());
    metric(json, "worst", violation.getWorst());
    json.writeNumberField("windows", violation.getWindows());
    json.writeStringField("changed", time(violation.getAtMicros()));
    json.writeStringField("message", violation.getMessage());
    json.writeEndObject();
  }

  void runEvent(JsonGenerator json, RunEvent event) throws IOException {
    json.writeStartObject();
    json.writeStringField("timestamp", time(event.getAtMicros()));
    described(json, event.getRun(), event.getDescription());
    json.writeStringField("kind", event.getKind().name());
    if (event.getNode() != null) {
      json.writeStringField("node", event.getNode());
    }
    json.writeNumberField("nodes_joined", event.getNodesJoined());
    json.writeNumberField("nodes_expected", event.getNodesExpected());
    json.writeStringField("message", event.getMessage());
    json.writeEndObject();
  }

  void summary(JsonGenerator json, RunSummary summary, Map<String, Number> metrics)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("timestamp", time(summary.getStartMicros()));
    json.writeStringField("ended", time(summary.getEndMicros()));
    described(json, summary.getRun(), summary.getDescription());
    json.writeStringField("verdict", summary.getVerdict().name());
    json.writeArrayFieldStart("reasons");
    for (String reason : summary.getReasons()) {
      json.writeString(reason);
    }
    json.writeEndArray();
    double seconds = (summary.getEndMicros() - summary.getStartMicros()) / (double) SECOND;
    json.writeNumberField("duration", seconds);
    json.writeNumberField("revision", summary.getRevision());
    json.writeNumberField("late", summary.getLate());
    json.writeNumberField("clamped", summary.getClamped());
    metrics(json, metrics);
    json.writeEndObject();
  }

  static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }

  static String window(Aggregate aggregate) {
    long micros = aggregate.getWindowMicros();
    if (aggregate.getTotal()) {
      return "total";
    }
    return micros % SECOND == 0 ? micros / SECOND + "s" : micros / 1_000.0 + "ms";
  }

  /** Dots would make an object of a name, and collide with the name before the dot. */
  static String fieldName(String name) {
    return name.isBlank() ? "_" : name.replace('.', '_');
  }

  private static void described(
      JsonGenerator json, String run, @Nullable RunDescription description) throws IOException {
    if (description == null) {
      run(json, run, "", "");
      return;
    }
    run(json, run, description.getTestName(), description.getEnvironment());
    json.writeStringField("version", description.getVersion());
    texts(json, "tags", description.getTags());
    if (description.getGitCommit() != null) {
      json.writeStringField("git_commit", description.getGitCommit());
    }
    if (description.getReportUrl() != null) {
      json.writeStringField("report_url", description.getReportUrl());
    }
  }

  private static void run(JsonGenerator json, String run, String testName, String environment)
      throws IOException {
    json.writeStringField("run_id", run);
    json.writeStringField("test_name", testName);
    json.writeStringField("environment", environment);
  }

  private static void series(JsonGenerator json, Series series) throws IOException {
    json.writeStringField("series", series.getName());
    json.writeStringField("method", series.getMethod());
    json.writeStringField("group", series.getGroup());
    texts(json, "series_tags", series.getTags());
  }

  private static void texts(JsonGenerator json, String name, Map<String, String> texts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> each : texts.entrySet()) {
      json.writeStringField(fieldName(each.getKey()), each.getValue());
    }
    json.writeEndObject();
  }

  private static void metrics(JsonGenerator json, Map<String, Number> metrics) throws IOException {
    for (Map.Entry<String, Number> metric : metrics.entrySet()) {
      metric(json, fieldName(metric.getKey()), metric.getValue());
    }
  }

  /** JSON has no numbers that are not finite. */
  static void metric(JsonGenerator json, String name, Number value) throws IOException {
    if (value instanceof Long || value instanceof Integer) {
      json.writeNumberField(name, value.longValue());
    } else if (Double.isFinite(value.doubleValue())) {
      json.writeNumberField(name, value.doubleValue());
    }
  }
}
