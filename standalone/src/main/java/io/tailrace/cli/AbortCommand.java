package io.tailrace.cli;

import io.tailrace.record.CommandKind;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunEventKind;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells every node of a run to stop. */
@Command(
    name = "abort",
    description = "Stop the whole fleet of a run.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:its nodes were told, or it has ended already",
      "1:nothing is known of such a run, or Kafka did not take the command",
      "2:wrong usage"
    },
    footerHeading = "%nExample:%n",
    footer = "  tailrace abort shop-1734 --reason \"the database is on fire\"")
final class AbortCommand implements Callable<Integer> {
  private enum State {
    UNKNOWN,
    RUNNING,
    ENDED
  }

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
    return conclude(state(pipeline));
  }

  private int conclude(State state) {
    switch (state) {
      case RUNNING -> session.out().println("told the nodes of " + run + " to stop");
      case ENDED -> session.out().println(run + " has ended already; nothing is left to stop");
      case UNKNOWN ->
          throw CommandFailure.failed(
              "nothing is known of a run %s ('%s runs' lists those that are); nodes of that name will stop all the same"
                  .formatted(run, Invocation.command()));
    }
    return ExitCode.DONE;
  }

  /** By the catalogue, after the nodes were told: they may be there while no aggregator is. */
  private State state(Pipeline pipeline) {
    Set<RunEventKind> seen = EnumSet.noneOf(RunEventKind.class);
    try (TopicReader<RunEvent> events =
        TopicReader.of(pipeline.kafka(), pipeline.topics().runs(), RunEvent.class)) {
      events.readToEnd(
          (key, event) -> {
            if (event != null && event.getRun().equals(run)) {
              seen.add(event.getKind());
            }
          });
    }
    if (seen.isEmpty()) {
      return State.UNKNOWN;
    }
    return seen.contains(RunEventKind.ENDED) ? State.ENDED : State.RUNNING;
  }
}
