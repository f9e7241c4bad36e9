package io.tailrace.cli;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.RunSummary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the topics of results say of each run, a line per run. */
final class RunList {
  static final String HEADING = line("RUN", "TEST", "STATE", "REQ/S", "P95 MS", "NODES", "VERDICT");

  private static final String WHOLE_RUN = "*";
  private static final long BASE_MICROS = 1_000_000;

  private final Map<String, Row> rows = new TreeMap<>();
  private final Set<Row> changed = new LinkedHashSet<>();

  private static final class Row {
    final String run;
    String test = "";
    boolean ended;
    int nodesJoined;
    int nodesExpected;
    long lastWindowMicros = Long.MIN_VALUE;
    @Nullable Double throughput;
    @Nullable Long p95Micros;
    @Nullable RunSummary summary;

    Row(String run) {
      this.run = run;
    }
  }

  private Row row(String run) {
    Row row = rows.computeIfAbsent(run, Row::new);
    changed.add(row);
    return row;
  }

  void add(RunEvent event) {
    Row row = row(event.getRun());
    if (event.getDescription() != null) {
      row.test = event.getDescription().getTestName();
    }
    row.nodesJoined = Math.max(row.nodesJoined, event.getNodesJoined());
    row.nodesExpected = Math.max(row.nodesExpected, event.getNodesExpected());
    row.ended |= event.getKind() == RunEventKind.ENDED;
  }

  void add(Aggregate window) {
    boolean shown =
        window.getSeries().getName().equals(WHOLE_RUN)
            && !window.getTotal()
            && !window.getSupplement()
            && window.getWindowMicros() == BASE_MICROS;
    if (!shown) {
      return;
    }
    Row row = row(window.getRun());
    if (window.getWindowStartMicros() >= row.lastWindowMicros) {
      row.lastWindowMicros = window.getWindowStartMicros();
      row.throughput = window.getThroughput();
      row.p95Micros = p95(window.getResponseTime());
    }
  }

  void add(RunSummary summary) {
    Row row = row(summary.getRun());
    row.ended = true;
    row.summary = summary;
    row.throughput = summary.getThroughput();
    row.p95Micros = p95(summary.getResponseTime());
  }

  private static @Nullable Long p95(@Nullable Distribution times) {
    return times == null ? null : (Long) times.getP95Micros();
  }

  /** The lines of the runs of which something new is known. */
  List<String> takeChanged() {
    List<String> lines = new ArrayList<>();
    for (Row row : changed) {
      RunSummary summary = row.summary;
      lines.add(
          line(
              row.run,
              row.test,
              row.ended ? "ended" : "running",
              row.throughput == null ? "-" : "%.1f".formatted(row.throughput),
              row.p95Micros == null ? "-" : "%.1f".formatted(row.p95Micros / 1000.0),
              row.nodesJoined + "/" + row.nodesExpected,
              summary == null ? "-" : summary.getVerdict().toString()));
    }
    changed.clear();
    return lines;
  }

  private static String line(
      String run,
      String test,
      String state,
      String rate,
      String p95,
      String nodes,
      String verdict) {
    return String.format(
        Locale.ROOT,
        "%-36s %-20s %-8s %12s %10s %9s  %s",
        run,
        test,
        state,
        rate,
        p95,
        nodes,
        verdict);
  }
}
