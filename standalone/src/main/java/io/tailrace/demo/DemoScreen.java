package io.tailrace.demo;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.NodeLedger;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Prints a run as it goes, a line a second, and what came of it. */
public final class DemoScreen implements RunFeed.Listener {
  private static final long SECOND_MICROS = 1_000_000;
  private static final String WHOLE_RUN = "*";
  private static final int WHOLE_TABLE = 80;

  private final PrintWriter out;
  private final boolean narrow;
  private final List<Aggregate> totals = new ArrayList<>();
  private @Nullable RunSummary summary;
  private long firstWindowMicros = Long.MAX_VALUE;

  /** In a narrow terminal the table has fewer columns. */
  public DemoScreen(PrintWriter out, int columns) {
    this.out = out;
    this.narrow = columns < WHOLE_TABLE;
  }

  public void header() {
    print("");
    print("  time   req/s   p50 ms   p95 ms   p99 ms   errors  nodes");
  }

  @Override
  public void window(Aggregate aggregate) {
    if (aggregate.getTotal()) {
      totals.removeIf(total -> total.getSeries().equals(aggregate.getSeries()));
      totals.add(aggregate);
    } else if (aggregate.getSeries().getName().equals(WHOLE_RUN)
        && aggregate.getWindowMicros() == SECOND_MICROS
        && hasBegun(aggregate)) {
      second(aggregate);
    }
  }

  /** Nodes report from when they join; the story begins with the first request. */
  private boolean hasBegun(Aggregate aggregate) {
    if (firstWindowMicros == Long.MAX_VALUE && aggregate.getRequests() > 0) {
      firstWindowMicros = aggregate.getWindowStartMicros();
    }
    return firstWindowMicros != Long.MAX_VALUE;
  }

  private void second(Aggregate aggregate) {
    Distribution times = aggregate.getResponseTime();
    print(
        "  %s  %6.0f  %7s  %7s  %7s  %5.1f %%    %d/%d%s",
        clock(aggregate.getWindowStartMicros()),
        aggregate.getThroughput(),
        millis(times == null ? null : times.getP50Micros()),
        millis(times == null ? null : times.getP95Micros()),
        millis(times == null ? null : times.getP99Micros()),
        aggregate.getErrorRatePercent(),
        aggregate.getNodesReported(),
        aggregate.getNodesExpected(),
        aggregate.getRevision() == 0 ? "" : "  corrected");
  }

  @Override
  public void violation(Violation violation) {
    String what =
        violation.getObjective().getName() + " (" + violation.getObjective().getExpression() + ")";
    if (violation.getState() == ViolationState.RESOLVED) {
      print("  %s  HOLDS AGAIN  %s", clock(violation.getAtMicros()), what);
    } else {
      print(
          "  %s  %s  %s: %.1f %s on %s, since %s",
          clock(violation.getAtMicros()),
          violation.getState() == ViolationState.OPENED ? "BROKEN" : "WORSE ",
          what,
          violation.getActual(),
          violation.getUnit(),
          violation.getSeries().getName(),
          clock(violation.getSinceMicros()));
    }
  }

  @Override
  public void summary(RunSummary newest) {
    summary = newest;
  }

  /** The summary, once it is there together with the totals. */
  public @Nullable RunSummary finished() {
    boolean total = totals.stream().anyMatch(each -> each.getSeries().getName().equals(WHOLE_RUN));
    RunSummary known = summary;
    return known != null && (total || known.getRequests() == 0) ? known : null;
  }

  /** What came of the run. */
  public void report(RunSummary run) {
    print("");
    print(
        narrow ? "  %-20s %8s %7s %6$7s %7$7s" : "  %-22s %9s  %7s  %8s  %7s  %7s  %7s",
        "series",
        "requests",
        "errors",
        "req/s",
        "p50 ms",
        "p95 ms",
        "p99 ms");
    totals.stream()
        .sorted(Comparator.comparingLong(total -> -total.getRequests()))
        .forEach(this::total);
    print("");
    for (ObjectiveResult result : run.getObjectives()) {
      print(
          "  %-10s %s: %s%s",
          result.getStatus(),
          result.getObjective().getName(),
          result.getObjective().getExpression(),
          remark(result));
    }
    long published = run.getLedger().stream().mapToLong(NodeLedger::getPublished).sum();
    long dropped = run.getLedger().stream().mapToLong(NodeLedger::getDropped).sum();
    print(
        "  ledger     %d published by %d nodes, %d counted, %d dropped",
        published, run.getLedger().size(), run.getRequests(), dropped);
    print("");
    print("  VERDICT    %s", run.getVerdict());
    run.getReasons().forEach(reason -> print("             %s", reason));
  }

  private void total(Aggregate total) {
    Distribution times = total.getResponseTime();
    print(
        narrow
            ? "  %-20.20s %8d %5.1f %% %6$7s %7$7s"
            : "  %-22s %9d  %5.1f %%  %8.1f  %7s  %7s  %7s",
        total.getSeries().getName().equals(WHOLE_RUN)
            ? "all requests"
            : total.getSeries().getName(),
        total.getRequests(),
        total.getErrorRatePercent(),
        total.getThroughput(),
        millis(times == null ? null : times.getP50Micros()),
        millis(times == null ? null : times.getP95Micros()),
        millis(times == null ? null : times.getP99Micros()));
  }

  private static String remark(ObjectiveResult result) {
    return result.getReason().isEmpty() ? "" : " - " + result.getReason();
  }

  /** Minutes and seconds since the run's first window. */
  private String clock(long micros) {
    long seconds =
        firstWindowMicros == Long.MAX_VALUE
            ? 0
            : TimeUnit.MICROSECONDS.toSeconds(micros - firstWindowMicros);
    return String.format(Locale.ROOT, "%02d:%02d", seconds / 60, seconds % 60);
  }

  private static String millis(@Nullable Long micros) {
    return micros == null ? "-" : String.format(Locale.ROOT, "%.1f", micros / 1_000.0);
  }

  public void print(String format, Object... values) {
    out.println(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
