package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.service.Shutdown;
import io.tailrace.sink.core.service.Outputs;
import io.tailrace.sink.core.service.SinkService;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs sinks. */
@Command(
    name = "sink",
    description = "Carry results to an outside system, or to all that are configured.",
    footerHeading = "%nExample:%n",
    footer = "  tailrace sink influxdb --config tailrace.yaml")
final class SinkCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Session session;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(
      paramLabel = "NAME",
      description = "A block below outputs:, or all. 'tailrace sinks list' names them.")
  private String name = Outputs.ALL;

  SinkCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Outputs outputs =
        Outputs.open(
            cluster.open(session), name, given -> ClusterOptions.reachable(given, session));
    if (outputs.names().isEmpty()) {
      throw CommandFailure.wrongUsage("no sink is enabled below outputs:");
    }
    RunsCommand.Given given = cluster.open(session).read(RunsCommand.Given::from);
    KafkaConnection kafka = ClusterOptions.reachable(given.kafka(), session);
    Cluster.requireAnswer(kafka);
    Cluster.missing(kafka, given.topics())
        .ifPresent(
            topics ->
                session
                    .err()
                    .println("tailrace sink: waiting for topics that are missing: " + topics));
    Shutdown shutdown = Shutdown.install(PATIENCE);
    SinkService service = shutdown.starting("sinks", () -> SinkService.start(outputs));
    session.out().println(service.endpoint().url());
    session.out().flush();
    service.awaitEnd();
    return ExitCode.DONE;
  }
}
