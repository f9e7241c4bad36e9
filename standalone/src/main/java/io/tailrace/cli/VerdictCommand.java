package io.tailrace.cli;

import io.tailrace.config.Durations;
import io.tailrace.record.RunSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what came of a run, for people and for pipelines. */
@Command(
    name = "verdict",
    description = "Print the verdict on a run; the exit code says it as well.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:passed",
      "99:failed, also when an objective stopped the run",
      "98:incomplete: samples are missing, and nothing failed",
      "97:stopped by a person, and nothing failed",
      "96:no verdict in time"
    },
    footerHeading = "%nExample:%n",
    footer = "  tailrace verdict shop-1734 --wait 60s --junit results/tailrace.xml")
final class VerdictCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description = "Wait this long for the run to end.")
  private String wait = "0s";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit report as well.")
  private @Nullable Path junit;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write Markdown as well.")
  private @Nullable Path markdown;

  VerdictCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Duration patience = patience();
    Pipeline pipeline = Pipeline.of(cluster, session);
    RunSummary summary = find(pipeline, run, patience);
    if (summary == null) {
      session.err().println("tailrace verdict: run " + run + " has no summary yet");
      return ExitCode.NO_VERDICT;
    }
    VerdictReport report = new VerdictReport(summary);
    session.out().print(json ? report.json() : report.text());
    write(junit, report.junit());
    write(markdown, report.markdown());
    return report.exitCode();
  }

  private Duration patience() {
    try {
      return Durations.parse(wait);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUsage("--wait: " + e.getMessage());
    }
  }

  /** The latest summary of a run; null when there is none in time. */
  static @Nullable RunSummary find(Pipeline pipeline, String run, Duration patience) {
    RunSummary[] latest = new RunSummary[1];
    long deadline = System.nanoTime() + patience.toNanos();
    try (TopicReader<RunSummary> summaries =
        TopicReader.of(pipeline.kafka(), pipeline.topics().summaries(), RunSummary.class, run)) {
      summaries.readToEnd((key, value) -> latest[0] = key.equals(run) ? value : latest[0]);
      while (latest[0] == null && System.nanoTime() - deadline < 0) {
        summaries.readMore((key, value) -> latest[0] = key.equals(run) ? value : latest[0]);
      }
    }
    return latest[0];
  }

  private void write(@Nullable Path file, String content) {
    if (file == null) {
      return;
    }
    Path target = session.directory().resolve(file).toAbsolutePath();
    try {
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(target, content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + target, e);
    }
  }
}
