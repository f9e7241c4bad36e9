package io.tailrace.cli;

import io.tailrace.config.Durations;
import io.tailrace.demo.DemoRun;
import io.tailrace.demo.Pipeline;
import io.tailrace.demo.Story;
import io.tailrace.record.RunSummary;
import io.tailrace.service.Logging;
import io.tailrace.service.Shutdown;
import io.tailrace.sink.results.ResultsSink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
    session.out().println("Starting Kafka, a schema registry, the aggregator and a target.");
    session.out().flush();
    Path kept = data == null ? null : session.directory().resolve(data);
    Pipeline pipeline = Pipeline.start(kept, folder, shutdown);
    shutdown.closing(
        "announcement",
        LocalCluster.announce(
            session.environment(), pipeline.bootstrapServers(), pipeline.registryUrl()));
    int columns =
        Terminal.isPresent(session.environment())
            ? new Terminal(session.environment()).width()
            : Integer.MAX_VALUE;
    DemoRun run = new DemoRun(pipeline, story, session.out(), columns, shutdown);
    RunSummary summary = run.play(folder);
    if (keep) {
      session.out().println("Everything stays up; Ctrl-C ends it.");
      session.out().flush();
      shutdown.await();
    }
    return switch (summary.getVerdict()) {
      case PASSED -> ExitCode.DONE;
      case FAILED -> ExitCode.RUN_FAILED;
      case INCOMPLETE, UNKNOWN -> ExitCode.RUN_INCOMPLETE;
    };
  }

  private static void requireWritable(Path folder) {
    try (ResultsSink sink = new ResultsSink(folder)) {
      sink.check();
    } catch (IOException e) {
      throw CommandFailure.failed(
          "cannot write results to %s (%s); name another folder: --results DIR"
              .formatted(folder, e));
    }
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
