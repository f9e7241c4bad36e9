package io.tailrace.cli;

import io.tailrace.record.CommandKind;
import io.tailrace.record.RunCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells every node of a run to stop. */
@Command(
    name = "abort",
    description = "Stop the whole fleet of a run.",
    footerHeading = "%nExample:%n",
    footer = "  tailrace abort shop-1734 --reason \"the database is on fire\"")
final class AbortCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why; it is in the summary.")
  private String reason = "";

  AbortCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Pipeline pipeline = Pipeline.of(cluster, session);
    String by = session.environment().getOrDefault("USER", "somebody");
    RunCommand command =
        RunCommand.newBuilder()
            .setRun(run)
            .setKind(CommandKind.ABORT)
            .setNode(null)
            .setNodesExpected(0)
            .setAtMicros(WallClock.nowMicros())
            .setBy(by)
            .setReason(reason)
            .build();
    TopicWriter.write(pipeline.kafka(), pipeline.topics().commands(), run, command);
    session.out().println("told the nodes of " + run + " to stop");
    return ExitCode.DONE;
  }
}
