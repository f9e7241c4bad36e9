package io.tailrace.sink.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.record.Aggregate;
import io.tailrace.record.NodeLedger;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Series;
import io.tailrace.record.StatusShare;
import io.tailrace.record.Verdict;
import io.tailrace.sink.core.MetricNames;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Aggregates and summaries as JSON, under the names that all sinks share. */
final class ResultJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final ObjectMapper LINES = new ObjectMapper();

  private ResultJson() {}

  /** One window on one line. */
  static String line(Aggregate aggregate) throws JsonProcessingException {
    return LINES.writeValueAsString(aggregate(aggregate));
  }

  static JsonNode parse(String line) throws JsonProcessingException {
    return LINES.readTree(line);
  }

  static String pretty(JsonNode node) throws JsonProcessingException {
    return JSON.writeValueAsString(node) + "\n";
  }

  /** All that a summary says. */
  static ObjectNode summary(RunSummary summary) {
    ObjectNode node = JSON.createObjectNode();
    node.put("run_id", summary.getRun());
    describe(node, summary.getDescription());
    node.put("verdict", summary.getVerdict().toString());
    node.put("sla_passed", summary.getVerdict() == Verdict.PASSED);
    summary.getReasons().forEach(node.putArray("reasons")::add);
    node.put("stopped", summary.getStopped());
    node.put("start", time(summary.getStartMicros()));
    node.put("end", time(summary.getEndMicros()));
    node.put(
        "duration", rounded((summary.getEndMicros() - summary.getStartMicros()) / 1_000_000.0));
    node.put("late", summary.getLate());
    node.put("clamped", summary.getClamped());
    node.put("revision", summary.getRevision());
    metrics(node.putObject("metrics"), MetricNames.of(summary));
    ArrayNode objectives = node.putArray("objectives");
    summary.getObjectives().forEach(each -> objective(objectives.addObject(), each));
    ArrayNode ledger = node.putArray("ledger");
    summary.getLedger().forEach(each -> ledger(ledger.addObject(), each));
    return node;
  }

  private static void describe(ObjectNode node, @Nullable RunDescription description) {
    if (description == null) {
      return;
    }
    node.put("test_name", description.getTestName());
    node.put("environment", description.getEnvironment());
    node.put("version", description.getVersion());
    node.put("git_commit", description.getGitCommit());
    node.put("git_branch", description.getGitBranch());
    ObjectNode tags = node.putObject("tags");
    description.getTags().forEach(tags::put);
  }

  private static ObjectNode aggregate(Aggregate aggregate) {
    ObjectNode node = JSON.createObjectNode();
    node.put("run_id", aggregate.getRun());
    node.put("test_name", aggregate.getTestName());
    node.put("environment", aggregate.getEnvironment());
    series(node, aggregate.getSeries());
    node.put("window_start", time(aggregate.getWindowStartMicros()));
    node.put("window_ms", aggregate.getWindowMicros() / 1_000);
    node.put("total", aggregate.getTotal());
    node.put("revision", aggregate.getRevision());
    node.put("supplement", aggregate.getSupplement());
    node.put("complete", aggregate.getComplete());
    node.put("nodes_reported", aggregate.getNodesReported());
    node.put("nodes_expected", aggregate.getNodesExpected());
    metrics(node, MetricNames.of(aggregate));
    node.put("late", aggregate.getLate());
    ObjectNode status = node.putObject("by_status");
    for (StatusShare share : aggregate.getByStatus()) {
      status.put(String.valueOf(share.getStatus()), share.getRequests());
    }
    ObjectNode kinds = node.putObject("errors_by_kind");
    aggregate.getErrorKinds().forEach(kinds::put);
    return node;
  }

  private static void series(ObjectNode node, Series series) {
    node.put("series", series.getName());
    node.put("method", series.getMethod());
    node.put("group", series.getGroup());
    ObjectNode tags = node.putObject("tags");
    series.getTags().forEach(tags::put);
  }

  private static void objective(ObjectNode node, ObjectiveResult result) {
    node.put("name", result.getObjective().getName());
    node.put("objective", result.getObjective().getExpression());
    node.put("series", result.getObjective().getSeries());
    node.put("severity", result.getObjective().getSeverity().toString());
    node.put("status", result.getStatus().toString());
    node.put("reason", result.getReason());
    Long first = result.getFirstFailedMicros();
    node.put("first_failed", first == null ? null : time(first));
    node.put("worst", result.getWorst());
    node.put("broken_ms", result.getBrokenMicros() / 1_000);
  }

  private static void ledger(ObjectNode node, NodeLedger ledger) {
    node.put("node", ledger.getNode());
    node.put("epoch", time(ledger.getEpochMicros()));
    node.put("published", ledger.getPublished());
    node.put("counted", ledger.getCounted());
    node.put("late", ledger.getLate());
    node.put("rejected", ledger.getRejected());
    node.put("quarantined", ledger.getQuarantined());
    node.put("dropped", ledger.getDropped());
    node.put("gaps", ledger.getGaps());
    node.put("duplicates", ledger.getDuplicates());
    node.put("skew_ms", ledger.getSkewMicros() / 1_000);
    node.put("left", ledger.getLeft() == null ? null : ledger.getLeft().toString());
    node.put("balanced", ledger.getBalanced());
  }

  private static void metrics(ObjectNode node, Map<String, Number> metrics) {
    metrics.forEach(
        (name, value) -> {
          if (value instanceof Double number) {
            node.put(name, rounded(number));
          } else {
            node.put(name, value.longValue());
          }
        });
  }

  /** Microseconds are all there is; further digits are noise of the division. */
  private static BigDecimal rounded(double value) {
    return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP).stripTrailingZeros();
  }

  static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
