package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows one run, a line for each of its windows, until it has ended. */
@Command(
    name = "watch",
    description = "Follow one run in the terminal until it has ended; exit 1 when it failed.",
    footerHeading = "%nExample:%n",
    footer = "  tailrace watch checkout-2026-11-21")
final class WatchCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Duration TURN = Duration.ofMillis(100);
  private static final long BASE_MICROS = 1_000_000;

  private final Session session;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "RUN", description = "The run's id; 'tailrace runs' lists them.")
  private String run = "";

  private @Nullable RunSummary summary;

  WatchCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RunsCommand.Given given = cluster.open(session).read(RunsCommand.Given::from);
    KafkaConnection kafka = ClusterOptions.reachable(given.kafka(), session);
    try (Topic<RunEvent> events = new Topic<>(given.topics().runs(), RunEvent.class, kafka);
        Topic<Aggregate> windows = new Topic<>(given.topics().windows(), Aggregate.class, kafka);
        Topic<RunSummary> summaries =
            new Topic<>(given.topics().summaries(), RunSummary.class, kafka)) {
      while (summary == null) {
        events.poll(TURN, this::show);
        windows.poll(TURN, this::show);
        summaries.poll(TURN, this::show);
      }
      // The last windows are committed with the summary, but may be read after it.
      windows.readAll(this::show);
      return conclude(summary);
    }
  }

  private void show(RunEvent event) {
    if (event.getRun().equals(run)) {
      session.out().println(time(event.getAtMicros()) + "  " + event.getMessage());
      session.out().flush();
    }
  }

  private void show(Aggregate window) {
    boolean shown =
        window.getRun().equals(run)
            && window.getSeries().getName().equals("*")
            && !window.getTotal()
            && window.getWindowMicros() == BASE_MICROS;
    if (shown) {
      session
          .out()
          .printf(
              Locale.ROOT,
              "%s  %10.1f req/s  %6.2f %% errors  %s  %d/%d nodes%s%n",
              time(window.getWindowStartMicros()),
              window.getThroughput(),
              window.getErrorRatePercent(),
              times(window.getResponseTime()),
              window.getNodesReported(),
              window.getNodesExpected(),
              note(window));
      session.out().flush();
    }
  }

  private static String note(Aggregate window) {
    if (window.getSupplement()) {
      return "  late";
    }
    return window.getRevision() > 0 ? "  corrected" : window.getComplete() ? "" : "  incomplete";
  }

  private void show(RunSummary one) {
    if (one.getRun().equals(run)) {
      summary = one;
    }
  }

  private int conclude(RunSummary ended) {
    session
        .out()
        .printf(
            Locale.ROOT,
            "%s: %d requests, %.1f req/s, %.2f %% errors, %s%n",
            ended.getVerdict(),
            ended.getRequests(),
            ended.getThroughput(),
            ended.getErrorRatePercent(),
            times(ended.getResponseTime()));
    ended.getReasons().forEach(reason -> session.out().println("  " + reason));
    return ended.getVerdict() == Verdict.PASSED ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static String times(@Nullable Distribution times) {
    return times == null
        ? "no requests"
        : String.format(
            Locale.ROOT,
            "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms",
            times.getP50Micros() / 1e3,
            times.getP95Micros() / 1e3,
            times.getP99Micros() / 1e3);
  }

  private static String time(long micros) {
    return TIME.format(Instant.ofEpochMilli(TimeUnit.MICROSECONDS.toMillis(micros)));
  }
}
