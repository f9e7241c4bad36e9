package io.tailrace.cli;

import io.tailrace.config.Durations;
import io.tailrace.demo.DemoRun;
import io.tailrace.demo.DemoScreen;
import io.tailrace.demo.Ink;
import io.tailrace.demo.Story;
import io.tailrace.doctor.Finding;
import io.tailrace.doctor.Findings;
import io.tailrace.doctor.MachineCheck;
import io.tailrace.record.RunSummary;
import io.tailrace.service.Logging;
import io.tailrace.service.Shutdown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the whole pipeline on this machine. */
@Command(
    name = "demo",
    description = "Show the whole pipeline on this machine: Kafka, load, windows, verdict.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:the run passed (as with --healthy)",
      " 1:the demonstration itself failed",
      " 2:wrong usage",
      "97:somebody stopped the run, and nothing failed",
      "98:samples are missing and no objective failed",
      "99:an objective failed (as without --healthy)"
    },
    footerHeading = "%nExample:%n",
    footer = "  tailrace demo --duration 30s --nodes 5 --rate 500")
final class DemoCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SHORTEST = Duration.ofSeconds(20);

  private final Session session;

  @Option(names = "--duration", description = "How long the load lasts (default: 60s).")
  private String duration = "60s";

  @Option(names = "--rate", description = "Requests a second of all nodes (default: 300).")
  private double rate = 300;

  @Option(names = "--nodes", description = "How many load nodes (default: 3).")
  private int nodes = 3;

  @Option(names = "--healthy", description = "The target stays well, and the run passes.")
  private boolean healthy;

  @Option(names = "--keep", description = "Stay up after the run, until stopped.")
  private boolean keep;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the broker's data there (default: a folder that is deleted).")
  private @Nullable Path data;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Where the results are written (default: results).")
  private Path results = Path.of("results");

  DemoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    Story story = story();
    Logging.quiet();
    Path folder = session.directory().resolve(results).toAbsolutePath().normalize();
    requireWritable(folder);
    Shutdown shutdown = Shutdown.install(PATIENCE);
    DemoScreen screen = screen();
    screen.sentence("Starting Kafka, a schema registry, the aggregator, sinks and a target.");
    Path kept = data == null ? null : session.directory().resolve(data);
    DemoRun run = DemoRun.start(story, kept, folder, screen, shutdown);
    LocalCluster.announce(session.environment(), run.kafka(), shutdown).ifPresent(screen::sentence);
    RunSummary summary = run.play();
    screen.farewell(results, story);
    if (keep) {
      screen.sentence("Everything stays up; Ctrl-C ends it.");
      shutdown.await();
    }
    return new VerdictReport(summary).exitCode();
  }

  private DemoScreen screen() {
    Map<String, String> environment = session.environment();
    if (!Terminal.isPresent(environment)) {
      return new DemoScreen(session.out(), Integer.MAX_VALUE, Ink.PLAIN, Invocation.command());
    }
    boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    int columns = new Terminal(environment).width();
    return new DemoScreen(
        session.out(), columns, plain ? Ink.PLAIN : Ink.COLOURED, Invocation.command());
  }

  private static void requireWritable(Path folder) {
    Findings findings =
        new Findings(
            finding -> {
              if (finding.state() == Finding.State.WRONG) {
                throw CommandFailure.failed(
                    "results: %s; choose another folder: --results DIR".formatted(finding.text()));
              }
            });
    MachineCheck.folder(folder, findings);
  }

  private Story story() {
    Duration length;
    try {
      length = Durations.parse(duration);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUsage("--duration " + duration + ": " + e.getMessage());
    }
    if (length.compareTo(SHORTEST) < 0) {
      throw CommandFailure.wrongUsage("--duration " + duration + ": expected at least 20s");
    }
    if (!(rate >= 1 && rate <= 100_000)) {
      throw CommandFailure.wrongUsage("--rate " + rate + ": expected 1 to 100000");
    }
    if (nodes < 1 || nodes > 100) {
      throw CommandFailure.wrongUsage("--nodes " + nodes + ": expected 1 to 100");
    }
    return new Story(length, rate, nodes, healthy);
  }
}
