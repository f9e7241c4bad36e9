package io.tailrace.cli;

import io.tailrace.demo.DemoRun;
import io.tailrace.demo.DemoScreen;
import io.tailrace.demo.Ink;
import io.tailrace.demo.Story;
import io.tailrace.record.RunSummary;
import io.tailrace.service.Logging;
import io.tailrace.service.Shutdown;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Loads the classes that commands load, so that the launcher can archive them: those of short ones,
 * and those of the whole pipeline by a demonstration that takes a second.
 */
final class StartupTraining {
  private static final String NOBODY = "127.0.0.1:1";
  private static final Story STORY = new Story(Duration.ofSeconds(1), 50, 2, false);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Without the archive everything starts as well, only later. */
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private StartupTraining() {}

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    giveUpAfter(LONGEST);
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    Session session = new Session(Map.of(), Path.of(""), nowhere, nowhere);
    Tailrace.run(session, "--help");
    Tailrace.run(session, "version");
    Tailrace.run(session, "topics", "--help");
    Tailrace.run(session, "topics", "lst");
    Tailrace.run(session, "demo", "--duration", "1s");
    Tailrace.run(
        session,
        "topics",
        "list",
        "--bootstrap-server",
        NOBODY,
        "--set",
        "kafka.default.api.timeout.ms=300",
        "--set",
        "kafka.request.timeout.ms=200");
    Logging.quiet();
    demonstrate(nowhere);
    // Closes everything; the archive is written after that.
    System.exit(ExitCode.DONE);
  }

  private static void giveUpAfter(Duration patience) {
    Thread watch =
        new Thread(
            () -> {
              LockSupport.parkNanos(patience.toNanos());
              Runtime.getRuntime().halt(ExitCode.FAILED);
            },
            "watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void demonstrate(PrintWriter nowhere)
      throws IOException, InterruptedException, ExecutionException {
    Path results = Files.createTempDirectory("tailrace-training");
    Shutdown shutdown = Shutdown.install(PATIENCE);
    shutdown.closing("results", () -> delete(results));
    DemoScreen screen = new DemoScreen(nowhere, Integer.MAX_VALUE, Ink.PLAIN, Invocation.command());
    RunSummary unused = DemoRun.start(STORY, null, results, screen, shutdown).play();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.delete(each);
    }
  }
}
