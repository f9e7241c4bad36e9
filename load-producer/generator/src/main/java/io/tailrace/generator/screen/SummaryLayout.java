package io.tailrace.generator.screen;

import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.engine.Progress;
import io.tailrace.generator.engine.Progress.StepProgress;
import io.tailrace.generator.engine.Progress.Times;
import io.tailrace.publisher.CloseReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lays the summary of a run out as a table. */
public final class SummaryLayout {

  private static final int CELL = 10;
  private static final int CELLS = 6;
  private static final int NARROWEST_NAME = 12;

  private SummaryLayout() {}

  public static List<String> lines(LoadSummary summary, int width) {
    Progress progress = summary.progress();
    int name = Math.min(longestName(progress), Math.max(NARROWEST_NAME, width - 1 - CELLS * CELL));
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(summary.name() + "  ·  " + summary.target());
    lines.add("run " + summary.run() + ", " + summary.node() + ", " + ended(summary));
    lines.add("");
    lines.add(row(name, "request", "count", "errors", "p50", "p95", "p99", "max"));
    lines.add("─".repeat(name + CELLS * CELL));
    for (StepProgress step : progress.steps()) {
      lines.add(step(name, step));
    }
    if (progress.steps().size() > 1) {
      lines.add("─".repeat(name + CELLS * CELL));
      lines.add(times(name, "all", progress.finished(), progress.errors(), progress.response()));
    }
    lines.add("");
    lines.addAll(facts(progress));
    lines.addAll(errors(progress));
    CloseReport published = summary.published();
    if (published != null) {
      lines.add(publishing(published));
    }
    for (String reason : summary.bottlenecks()) {
      lines.add("! the generator was the bottleneck: " + reason);
    }
    return lines;
  }

  private static int longestName(Progress progress) {
    int longest = "request".length();
    for (StepProgress step : progress.steps()) {
      longest = Math.max(longest, step.name().length());
    }
    return longest;
  }

  private static String ended(LoadSummary summary) {
    String why = summary.message();
    return switch (summary.reason()) {
      case DONE -> "done";
      case ABORTED -> "aborted: " + why;
      case STOPPED -> "stopped: " + why;
      case FAILED, UNKNOWN -> "failed: " + why;
    };
  }

  private static String step(int name, StepProgress step) {
    return times(name, step.name(), step.requests(), step.errors(), step.response());
  }

  private static String times(int width, String name, long count, long errors, Times times) {
    if (times.count() == 0) {
      return row(width, name, Amounts.count(count), Amounts.count(errors), "-", "-", "-", "-");
    }
    return row(
        width,
        name,
        Amounts.count(count),
        Amounts.count(errors),
        Amounts.time(times.p50()),
        Amounts.time(times.p95()),
        Amounts.time(times.p99()),
        Amounts.time(times.max()));
  }

  private static String row(int width, String name, String... cells) {
    StringBuilder row = new StringBuilder(Amounts.cut(name, width));
    row.append(" ".repeat(width - row.length()));
    for (String cell : cells) {
      row.append(String.format(Locale.ROOT, "%" + CELL + "s", cell));
    }
    return row.toString();
  }

  private static List<String> facts(Progress progress) {
    Times service = progress.service();
    Times lateness = progress.lateness();
    return List.of(
        "throughput  "
            + Amounts.rate(progress.throughput())
            + " requests/s over "
            + Amounts.span(progress.sendingNanos())
            + ", "
            + Amounts.bytes(progress.bytesReceived())
            + " received",
        "service     p50 "
            + Amounts.time(service.p50())
            + ", p99 "
            + Amounts.time(service.p99())
            + " from sending; the table counts from when a request was due",
        "lateness    p50 "
            + Amounts.time(lateness.p50())
            + ", p99 "
            + Amounts.time(lateness.p99())
            + ", max "
            + Amounts.time(lateness.max()));
  }

  private static List<String> errors(Progress progress) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "errors      "
            + (progress.errors() == 0
                ? "none"
                : Amounts.count(progress.errors())
                    + " of "
                    + Amounts.count(progress.finished())
                    + ", "
                    + Amounts.percent(progress.errorPercent())));
    progress.errorsByKind().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            error ->
                lines.add(
                    "            " + Amounts.count(error.getValue()) + "  " + error.getKey()));
    return lines;
  }

  private static String publishing(CloseReport report) {
    if (report.complete()) {
      return "published   all " + Amounts.count(report.acknowledged()) + " samples are in Kafka";
    }
    return String.format(
        Locale.ROOT,
        "published   %s samples are in Kafka; %s dropped, %s lost, %s unknown%s%s",
        Amounts.count(report.acknowledged()),
        Amounts.count(report.dropped()),
        Amounts.count(report.lost()),
        Amounts.count(report.unacknowledged()),
        report.farewell() ? "" : ", the farewell too",
        report.lastFailure() == null ? "" : "; " + report.lastFailure());
  }
}
