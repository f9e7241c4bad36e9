package io.tailrace.generator.screen;

import io.tailrace.generator.LiveView;
import io.tailrace.generator.engine.Progress;
import io.tailrace.generator.engine.Progress.Times;
import io.tailrace.publisher.PublisherStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lays a look at a run out in lines that fit a width; 60 columns are enough. */
final class LiveLayout {

  private static final int MAX_ERROR_KINDS = 5;
  private static final int MAX_BAR = 60;

  private LiveLayout() {}

  static List<String> lines(LiveView view, int width) {
    Progress progress = view.progress();
    List<String> lines = new ArrayList<>();
    lines.add(view.name() + "  ·  " + view.run() + "  ·  " + view.node());
    lines.add(bar(view, width));
    lines.add("");
    lines.add(rate(progress));
    lines.add(
        String.format(
            Locale.ROOT,
            "requests   %s, %s in flight, %s connections",
            Amounts.count(progress.finished()),
            Amounts.count(progress.inFlight()),
            Amounts.count(progress.connections())));
    lines.add("");
    lines.add(row("", "p50", "p95", "p99", "max"));
    lines.add(times("response, now", progress.interval()));
    lines.add(times("response, all", progress.response()));
    lines.add(times("service, all", progress.service()));
    lines.add(times("lateness, now", progress.recentLateness()));
    lines.add("");
    lines.addAll(errors(progress));
    if (view.publishing() != null) {
      lines.add(publishing(view.publishing()));
    }
    for (String reason : view.bottlenecks()) {
      lines.add("! the generator is the bottleneck: " + reason);
    }
    return lines.stream().map(line -> Amounts.cut(line, width)).toList();
  }

  private static String bar(LiveView view, int width) {
    Progress progress = view.progress();
    if (!view.phase().isEmpty() && progress.elapsedNanos() < 0) {
      return view.phase();
    }
    long left = progress.durationNanos() - progress.elapsedNanos();
    String label =
        !view.phase().isEmpty()
            ? view.phase()
            : left > 0 ? Amounts.span(left) + " left" : "waiting for the last answers";
    double share =
        Math.min(1, Math.max(0, (double) progress.elapsedNanos() / progress.durationNanos()));
    int room = Math.min(MAX_BAR, Math.max(10, width - 30));
    int full = (int) Math.round(share * room);
    return String.format(
        Locale.ROOT,
        "%s%s %3.0f %%  %s",
        "█".repeat(full),
        "░".repeat(room - full),
        share * 100,
        label);
  }

  private static String rate(Progress progress) {
    String reached = Amounts.rate(progress.rateReached());
    return progress.rateAsked() > 0
        ? "rate       " + reached + "/s of " + Amounts.rate(progress.rateAsked()) + "/s asked"
        : "rate       " + reached + "/s";
  }

  private static String row(String name, String... cells) {
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-15s", name));
    for (String cell : cells) {
      row.append(String.format(Locale.ROOT, "%10s", cell));
    }
    return row.toString();
  }

  private static String times(String name, Times times) {
    if (times.count() == 0) {
      return row(name, "-", "-", "-", "-");
    }
    return row(
        name,
        Amounts.time(times.p50()),
        Amounts.time(times.p95()),
        Amounts.time(times.p99()),
        Amounts.time(times.max()));
  }

  private static List<String> errors(Progress progress) {
    if (progress.errors() == 0) {
      return List.of("errors     none");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "errors     "
            + Amounts.count(progress.errors())
            + ", "
            + Amounts.percent(progress.errorPercent()));
    progress.errorsByKind().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MAX_ERROR_KINDS)
        .forEach(
            error ->
                lines.add("           " + Amounts.count(error.getValue()) + "  " + error.getKey()));
    int more = progress.errorsByKind().size() - MAX_ERROR_KINDS;
    if (more > 0) {
      lines.add("           and " + more + " kinds more");
    }
    return lines;
  }

  private static String publishing(PublisherStats stats) {
    String line =
        "publishing "
            + Amounts.count(stats.acknowledged())
            + " in Kafka, "
            + Amounts.count(stats.backlogSamples())
            + " to go";
    return stats.dropped() + stats.lost() == 0
        ? line
        : line + ", " + Amounts.count(stats.dropped() + stats.lost()) + " LOST";
  }
}
