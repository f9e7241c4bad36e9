package io.tailrace.demo;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.NodeLedger;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.up.Part;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Prints a run as it goes, a line a second, and what came of it. */
public final class DemoScreen implements RunFeed.Listener {
  private static final long SECOND_MICROS = 1_000_000;
  private static final String WHOLE_RUN = "*";
  private static final int WHOLE_TABLE = 80;
  private static final String INDENT = "  ";

  private final PrintWriter out;
  private final int columns;
  private final boolean narrow;
  private final Ink ink;
  private final String program;
  private final List<Aggregate> totals = new ArrayList<>();
  private final Map<String, Violation> episodes = new LinkedHashMap<>();
  private int objectives;
  private @Nullable RunSummary summary;
  private long firstWindowMicros = Long.MAX_VALUE;

  /**
   * In a narrow terminal the table has fewer columns, and sentences go on in the next line.
   *
   * @param program what people type to run another command
   */
  public DemoScreen(PrintWriter out, int columns, Ink ink, String program) {
    this.out = out;
    this.columns = columns;
    this.narrow = columns < WHOLE_TABLE;
    this.ink = ink;
    this.program = program;
  }

  /** What runs where, and what is going to happen. */
  void introduce(String run, Story story, Pipeline pipeline, String target, Path results) {
    String sinks = pipeline.address(Part.SINKS);
    print("");
    fact("kafka", pipeline.address(Part.KAFKA));
    fact("registry", pipeline.address(Part.REGISTRY));
    fact("aggregator", pipeline.address(Part.AGGREGATOR));
    fact("sinks", sinks);
    fact("prometheus", sinks.replace("/metrics", "/runs"));
    fact("target", target);
    fact("results", results.toString());
    print("");
    sentence("Look around from another terminal:");
    command("runs");
    command("watch " + run);
    command("topics list");
    print("");
    sentence(
        "%d nodes send %.0f requests a second for %d s%s"
            .formatted(
                story.nodes(),
                story.rate(),
                story.duration().toSeconds(),
                story.healthy()
                    ? "."
                    : "; from second %s on the target is slow for %s s."
                        .formatted(
                            seconds(story.troubleStarts().toMillis()),
                            seconds(story.troubleLasts().toMillis()))));
  }

  private void fact(String name, String value) {
    print("%s%s  %s", INDENT, ink.faint("%-10s".formatted(name)), value);
  }

  private void command(String command) {
    print("%s%s%s %s", INDENT, INDENT, program, command);
  }

  private static String seconds(long millis) {
    return millis % 1_000 == 0 ? "" + millis / 1_000 : "%.1f".formatted(millis / 1_000.0);
  }

  /** Of so many objectives the table says how many hold. */
  void header(int known) {
    objectives = known;
    print("");
    print(
        ink.bold(
            narrow
                ? "  time   req/s      p50      p95      p99  err %  nodes sla"
                : "  time    req/s    p50 ms    p95 ms    p99 ms   errors   nodes   objectives"));
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
    long broken = broken().size();
    print(
        narrow
            ? "  %s %6.0f %8s %8s %8s %6.1f    %d/%d %s"
            : "  %s   %6.0f   %7s   %7s   %7s   %4.1f %%     %d/%d   %s%s",
        clock(aggregate.getWindowStartMicros()),
        aggregate.getThroughput(),
        millis(times == null ? null : times.getP50Micros()),
        millis(times == null ? null : times.getP95Micros()),
        millis(times == null ? null : times.getP99Micros()),
        aggregate.getErrorRatePercent(),
        aggregate.getNodesReported(),
        aggregate.getNodesExpected(),
        held(objectives - broken),
        aggregate.getRevision() == 0 ? "" : "  corrected");
  }

  private String held(long holding) {
    String text = holding + "/" + objectives + (narrow ? "" : " hold");
    return holding == objectives ? text : ink.bad(text);
  }

  private Set<String> broken() {
    Set<String> broken = new HashSet<>();
    for (Violation episode : episodes.values()) {
      if (episode.getState() != ViolationState.RESOLVED) {
        broken.add(episode.getObjective().getName());
      }
    }
    return broken;
  }

  @Override
  public void violation(Violation violation) {
    episodes.put(violation.getId(), violation);
    String what =
        violation.getObjective().getName() + " (" + violation.getObjective().getExpression() + ")";
    String at = clock(violation.getAtMicros());
    if (violation.getState() == ViolationState.RESOLVED) {
      sentence(at + "  " + ink.good("HOLDS AGAIN") + "  " + what);
    } else {
      String state = violation.getState() == ViolationState.OPENED ? "BROKEN" : "WORSE";
      sentence(
          "%s  %s  %s: %s since %s"
              .formatted(
                  at,
                  ink.bad(state),
                  what,
                  value(violation.getActual(), violation.getUnit()),
                  clock(violation.getSinceMicros())));
    }
  }

  @Override
  public void summary(RunSummary newest) {
    summary = newest;
  }

  /** The summary, once it is there together with the totals. */
  @Nullable RunSummary finished() {
    boolean total = totals.stream().anyMatch(each -> each.getSeries().getName().equals(WHOLE_RUN));
    RunSummary known = summary;
    return known != null && (total || known.getRequests() == 0) ? known : null;
  }

  /** What came of the run, and what the target counted itself. */
  void report(RunSummary run, long served) {
    print("");
    print(
        ink.bold(
            (narrow ? "  %-18s %8s %7s %6$8s %7$8s" : "  %-22s %9s  %7s  %8s  %8s  %8s  %8s")
                .formatted("series", "requests", "errors", "req/s", "p50 ms", "p95 ms", "p99 ms")));
    totals.stream()
        .sorted(Comparator.comparingLong(total -> -total.getRequests()))
        .forEach(this::total);
    print("");
    run.getObjectives().forEach(this::objective);
    print("");
    ledger(run, served);
    print("");
    boolean passed = run.getVerdict() == Verdict.PASSED;
    String verdict = run.getVerdict().toString();
    print("%sVERDICT  %s", INDENT, passed ? ink.good(verdict) : ink.bad(verdict));
    if (run.getStopped() != null) {
      sentence("         stopped: " + run.getStopped());
    }
    run.getReasons().forEach(reason -> sentence("         " + reason));
  }

  private void total(Aggregate total) {
    Distribution times = total.getResponseTime();
    print(
        narrow
            ? "  %-18.18s %8d %5.1f %% %6$8s %7$8s"
            : "  %-22s %9d  %5.1f %%  %8.1f  %8s  %8s  %8s",
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

  private void objective(ObjectiveResult result) {
    String status = "%-6s".formatted(result.getStatus());
    sentence(
        "%s  %s: %s%s"
            .formatted(
                result.getStatus() == ObjectiveStatus.FAILED ? ink.bad(status) : ink.good(status),
                result.getObjective().getName(),
                result.getObjective().getExpression(),
                result.getReason().isEmpty() ? "" : "; " + result.getReason()));
    episodes.values().stream()
        .filter(each -> each.getObjective().getName().equals(result.getObjective().getName()))
        .forEach(this::episode);
  }

  /** When it did not hold, and how bad it was. */
  private void episode(Violation episode) {
    sentence(
        "        did not hold from %s %s; %s at worst"
            .formatted(
                clock(episode.getSinceMicros()),
                episode.getState() == ViolationState.RESOLVED
                    ? "to " + clock(episode.getAtMicros())
                    : "to the end",
                value(episode.getWorst(), episode.getUnit())));
  }

  private void ledger(RunSummary run, long served) {
    long published = run.getLedger().stream().mapToLong(NodeLedger::getPublished).sum();
    long dropped = run.getLedger().stream().mapToLong(NodeLedger::getDropped).sum();
    sentence(
        "ledger   %d published by %d nodes, %d counted, %d dropped"
            .formatted(published, run.getLedger().size(), run.getRequests(), dropped));
    sentence("target   served %d requests by its own count".formatted(served));
  }

  /** What to do with what is left. */
  public void farewell(Path results, Story story) {
    print("");
    sentence("Try next:");
    print("%s%scat %s", INDENT, INDENT, results.resolve("summary.md"));
    command(story.healthy() ? "demo" : "demo --healthy");
    command("init && " + program + " up");
  }

  private static String value(double value, String unit) {
    return String.format(Locale.ROOT, "%.1f %s", value, unit).strip();
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

  /** Text that goes on in the next line where the terminal ends. */
  public void sentence(String text) {
    StringBuilder line = new StringBuilder(INDENT);
    int width = INDENT.length();
    for (String word : text.split("(?<= )", -1)) {
      int letters = word.replaceAll("\u001b\\[[0-9;]*m", "").length();
      if (width + word.stripTrailing().length() > columns && width > INDENT.length()) {
        print(line.toString().stripTrailing());
        line = new StringBuilder(INDENT + INDENT);
        width = 2 * INDENT.length();
      }
      line.append(word);
      width += letters;
    }
    print(line.toString().stripTrailing());
  }

  private void print(String format, Object... values) {
    out.println(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
