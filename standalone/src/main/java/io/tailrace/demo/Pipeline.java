package io.tailrace.demo;

import io.tailrace.aggregator.app.Aggregator;
import io.tailrace.aggregator.app.AggregatorConfig;
import io.tailrace.aggregator.run.RunRules;
import io.tailrace.config.KafkaConnection;
import io.tailrace.embedded.EmbeddedKafka;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.service.EndpointConfig;
import io.tailrace.service.Shutdown;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.runner.Pace;
import io.tailrace.sink.core.runner.RunnerConfig;
import io.tailrace.sink.core.runner.SinkRunner;
import io.tailrace.sink.results.ResultsSink;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Broker, registry, aggregator and the results sink, side by side in this process. */
public final class Pipeline {
  private static final int PARTITIONS = 4;

  private final KafkaConnection kafka;
  private final Topics topics = Topics.defaults();
  private final String metricsUrl;

  private Pipeline(KafkaConnection kafka, String metricsUrl) {
    this.kafka = kafka;
    this.metricsUrl = metricsUrl;
  }

  /**
   * Starts everything; the shutdown closes it again, in reverse order.
   *
   * @param data where the broker keeps its data, null for a folder that goes with the process
   */
  public static Pipeline start(@Nullable Path data, Path results, Shutdown shutdown) {
    EmbeddedKafka broker =
        shutdown.starting(
            "broker", () -> data == null ? EmbeddedKafka.start() : EmbeddedKafka.start(data));
    SchemaRegistryServer registry =
        shutdown.starting(
            "registry", () -> SchemaRegistryServer.start(broker.bootstrapServers(), 0));
    KafkaConnection kafka =
        KafkaConnection.of(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                KafkaConnection.REGISTRY_URL,
                registry.url()));
    Topics topics = Topics.defaults();
    Aggregator aggregator =
        shutdown.starting(
            "aggregator",
            () ->
                Aggregator.start(
                    new AggregatorConfig(
                        kafka,
                        topics,
                        new TopicCatalogue(topics, PARTITIONS),
                        (short) 1,
                        "tailrace-aggregator",
                        1,
                        0,
                        RunRules.defaults(),
                        EndpointConfig.anyLoopbackPort())));
    SinkRunner sink =
        shutdown.closing(
            "results",
            new SinkRunner(
                RunnerConfig.of(
                    "results",
                    Set.of(Feed.AGGREGATES, Feed.SUMMARIES),
                    topics,
                    kafka.clientProperties(),
                    Pace.DEFAULT),
                new ResultsSink(results),
                System::nanoTime));
    sink.start();
    return new Pipeline(kafka, aggregator.endpoint().url().toString());
  }

  public String bootstrapServers() {
    return kafka.bootstrapServers().orElseThrow();
  }

  public String registryUrl() {
    return kafka.registryUrl().orElseThrow();
  }

  public Map<String, Object> clientProperties() {
    return kafka.clientProperties();
  }

  public Topics topics() {
    return topics;
  }

  /** Where the aggregator answers for metrics and health. */
  public String metricsUrl() {
    return metricsUrl;
  }
}
