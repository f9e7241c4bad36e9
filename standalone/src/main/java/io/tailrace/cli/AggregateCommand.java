package io.tailrace.cli;

import io.tailrace.aggregator.app.Aggregator;
import io.tailrace.aggregator.app.AggregatorConfig;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.service.Shutdown;
import io.tailrace.topics.TopicCatalogue;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the aggregator. */
@Command(
    name = "aggregate",
    description = "Turn samples into windows, verdicts and summaries.",
    footerHeading = "%nExample:%n",
    footer = "  tailrace aggregate --bootstrap-server kafka:9092 --threads 2")
final class AggregateCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Session session;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(names = "--threads", paramLabel = "N", description = "Stream threads (default: 1).")
  private @Nullable String threads;

  @Option(
      names = "--standby-replicas",
      paramLabel = "N",
      description = "Copies of the state on other instances, for a fast takeover (default: 0).")
  private @Nullable String standbys;

  AggregateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, @Nullable String> flags = new HashMap<>();
    flags.put(AggregatorConfig.BLOCK + ".threads", threads);
    flags.put(AggregatorConfig.BLOCK + ".standby_replicas", standbys);
    AggregatorConfig given = cluster.open(session, flags).read(AggregateCommand::given);
    AggregatorConfig config = given.withKafka(ClusterOptions.reachable(given.kafka(), session));
    Cluster.requireAnswer(config.kafka());
    Shutdown shutdown = Shutdown.install(PATIENCE);
    Aggregator aggregator = shutdown.starting("aggregator", () -> Aggregator.start(config));
    return aggregator.awaitEnd() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static AggregatorConfig given(Settings root) {
    // Without a cluster named, it can only be the embedded one, whose topics are smaller.
    boolean named = KafkaConnection.from(root).bootstrapServers().isPresent();
    return AggregatorConfig.from(
        root, named ? TopicCatalogue.DEFAULT_PARTITIONS : LocalCluster.PARTITIONS);
  }
}
