package io.tailrace.sink.influxdb;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Series;
import io.tailrace.record.StatusShare;
import io.tailrace.record.Violation;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns records into points, one each. A point is told from every other by its measurement, its
 * tags and its time: these say which run, series and window it is, and nothing that a correction
 * changes, so that the correction takes its place.
 */
final class PointEncoder {
  /** Tags that every point has of itself and that no configuration may set. */
  static final Set<String> OWN_TAGS =
      Set.of(
          "run_id",
          "series",
          "method",
          "group",
          "window",
          "supplement",
          "violation_id",
          "sequence",
          "kind",
          "node");

  /** What the tags of a series are called here, so that they cannot meet others. */
  static final String SERIES_TAG = "tag_";

  private static final long SECOND = 1_000_000;

  // Beyond it an array is an exception, and not kept.
  private static final int MOST_KEPT = 8 << 20;

  private final LineWriter lines = new LineWriter();

  void clear() {
    lines.clear();
  }

  /** The body of a request: all points since it was cleared. */
  byte[] toByteArray() {
    return lines.toByteArray();
  }

  /** Whether its array has stayed so small that it is to be used again. */
  boolean isSmall() {
    return lines.capacity() <= MOST_KEPT;
  }

  void aggregate(
      String measurement,
      Map<String, String> tags,
      Aggregate aggregate,
      Map<String, Number> metrics) {
    SortedMap<String, String> all = tagsOf(tags, aggregate.getRun());
    series(all, aggregate.getSeries());
    all.put("window", window(aggregate));
    if (aggregate.getSupplement()) {
      // A point of its own beside its window: the two add up.
      all.put("supplement", Integer.toString(aggregate.getRevision()));
    }
    lines.point(measurement, all);
    metrics.forEach(lines::field);
    for (StatusShare share : aggregate.getByStatus()) {
      lines.field("status_" + share.getStatus(), share.getRequests());
    }
    aggregate.getErrorKinds().forEach((kind, count) -> lines.field("errors_" + kind, count));
    lines
        .field("late", aggregate.getLate())
        .field("clamped", aggregate.getClamped())
        .field("nodes_reported", aggregate.getNodesReported())
        .field("nodes_expected", aggregate.getNodesExpected())
        .field("complete", aggregate.getComplete())
        .field("revision", aggregate.getRevision())
        .end(aggregate.getWindowStartMicros());
  }

  void violation(String measurement, Map<String, String> tags, Violation violation) {
    SortedMap<String, String> all = tagsOf(tags, violation.getRun());
    series(all, violation.getSeries());
    all.put("violation_id", violation.getId());
    all.put("sequence", Integer.toString(violation.getSequence()));
    lines
        .point(measurement, all)
        .field("state", violation.getState().toString())
        .field("objective", violation.getObjective().getName())
        .field("expression", violation.getObjective().getExpression())
        .field("severity", violation.getObjective().getSeverity().toString())
        .field("metric", violation.getMetric())
        .field("actual", violation.getActual())
        .field("threshold", violation.getThreshold())
        .field("worst", violation.getWorst())
        .field("message", violation.getMessage())
        .end(violation.getAtMicros());
  }

  void runEvent(String measurement, Map<String, String> tags, RunEvent event) {
    SortedMap<String, String> all = tagsOf(tags, event.getRun());
    all.put("kind", event.getKind().toString());
    all.put("node", event.getNode() == null ? "" : event.getNode());
    lines
        .point(measurement, all)
        .field("message", event.getMessage())
        .field("nodes_joined", event.getNodesJoined())
        .field("nodes_expected", event.getNodesExpected())
        .end(event.getAtMicros());
  }

  void summary(
      String measurement,
      Map<String, String> tags,
      RunSummary summary,
      Map<String, Number> metrics) {
    lines.point(measurement, tagsOf(tags, summary.getRun()));
    metrics.forEach(lines::field);
    lines
        .field("verdict", summary.getVerdict().toString())
        .field("reasons", String.join("; ", summary.getReasons()))
        .field("duration", (summary.getEndMicros() - summary.getStartMicros()) / (double) SECOND)
        .field("late", summary.getLate())
        .field("clamped", summary.getClamped())
        .field("revision", summary.getRevision())
        .end(summary.getStartMicros());
  }

  private static SortedMap<String, String> tagsOf(Map<String, String> configured, String run) {
    SortedMap<String, String> tags = new TreeMap<>(configured);
    tags.put("run_id", run);
    return tags;
  }

  private static void series(SortedMap<String, String> tags, Series series) {
    tags.put("series", series.getName());
    tags.put("method", series.getMethod());
    tags.put("group", series.getGroup());
    series.getTags().forEach((key, value) -> tags.put(SERIES_TAG + key, value));
  }

  private static String window(Aggregate aggregate) {
    long micros = aggregate.getWindowMicros();
    if (aggregate.getTotal()) {
      return "total";
    }
    return micros % SECOND == 0 ? micros / SECOND + "s" : micros / 1_000.0 + "ms";
  }
}
