package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.service.Shutdown;
import io.tailrace.sink.core.service.Outputs;
import io.tailrace.up.Part;
import io.tailrace.up.Services;
import io.tailrace.up.UpConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs several services in one process. */
@Command(
    name = "up",
    description = "Run any set of the services in one process, until stopped.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tailrace init && tailrace up",
      "  tailrace up --config tailrace.yaml --services aggregator --bootstrap-server kafka:9092"
    })
final class UpCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Session session;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--services",
      paramLabel = "NAME,...",
      description =
          "kafka, registry, aggregator, sinks, target (default: what the pipeline lacks).")
  private @Nullable String services;

  UpCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, @Nullable String> flags = new HashMap<>();
    flags.put(UpConfig.BLOCK + ".services", services);
    UpConfig given = cluster.open(session, flags).read(UpConfig::from);
    UpConfig config = given.runs(Part.KAFKA) ? given : onCluster(given);
    Shutdown shutdown = Shutdown.install(PATIENCE);
    Services running =
        Services.start(
            config,
            kafka -> Outputs.open(cluster.open(session, flags), Outputs.ALL, unused -> kafka),
            shutdown,
            this::tell);
    if (config.runs(Part.KAFKA)) {
      LocalCluster.announce(session.environment(), running.kafka(), shutdown).ifPresent(this::say);
    }
    say("ready; Ctrl-C ends it");
    return running.awaitEnd() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private UpConfig onCluster(UpConfig given) {
    KafkaConnection reachable = ClusterOptions.reachable(given.kafka(), session);
    Cluster.requireAnswer(reachable);
    boolean registry = given.runs(Part.REGISTRY) || reachable.registryUrl().isPresent();
    boolean needed = given.runs(Part.AGGREGATOR) || given.runs(Part.SINKS);
    if (needed && !registry) {
      throw CommandFailure.wrongUsage(
          "which schema registry? Give --schema-registry URL, or let up.services have registry");
    }
    if (given.runs(Part.SINKS) && !given.runs(Part.AGGREGATOR)) {
      Cluster.missing(reachable, given.aggregator().topics())
          .ifPresent(topics -> say("the sinks wait for topics that are missing: " + topics));
    }
    return given.withKafka(reachable);
  }

  private void tell(Part part, String address) {
    say("%-12s %s".formatted(part.written(), address));
  }

  private void say(String line) {
    session.out().println(line);
    session.out().flush();
  }
}
