package io.tailrace.up;

import io.tailrace.aggregator.app.Aggregator;
import io.tailrace.config.KafkaConnection;
import io.tailrace.embedded.EmbeddedKafka;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.service.Shutdown;
import io.tailrace.sink.core.service.Outputs;
import io.tailrace.sink.core.service.SinkService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parts that were started, each closed by the shutdown before those it needs. */
public final class Services {
  private final Shutdown shutdown;
  private final BiConsumer<Part, String> started;
  private KafkaConnection kafka;
  private @Nullable Aggregator aggregator;

  private Services(KafkaConnection kafka, Shutdown shutdown, BiConsumer<Part, String> started) {
    this.kafka = kafka;
    this.shutdown = shutdown;
    this.started = started;
  }

  /**
   * Starts the parts in their order and tells where each of them is reached.
   *
   * @param sinks makes those that are configured, for the cluster it is given
   */
  public static Services start(
      UpConfig config,
      Function<KafkaConnection, Outputs> sinks,
      Shutdown shutdown,
      BiConsumer<Part, String> started) {
    Services services = new Services(config.kafka(), shutdown, started);
    if (config.runs(Part.KAFKA)) {
      services.startKafka(config);
    }
    if (config.runs(Part.REGISTRY)) {
      services.startRegistry(config.ports().registry());
    }
    if (config.runs(Part.AGGREGATOR)) {
      services.startAggregator(config);
    }
    if (config.runs(Part.SINKS)) {
      services.startSinks(config, sinks);
    }
    if (config.runs(Part.TARGET)) {
      services.startTarget(config.ports().target());
    }
    return services;
  }

  private void startKafka(UpConfig config) {
    EmbeddedKafka.Builder builder = EmbeddedKafka.builder().port(config.ports().kafka());
    config.data().ifPresent(builder::dataFolder);
    EmbeddedKafka broker = shutdown.starting("kafka", builder::start);
    kafka = kafka.with("bootstrap.servers", broker.bootstrapServers());
    started.accept(Part.KAFKA, broker.bootstrapServers());
  }

  private void startRegistry(int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    SchemaRegistryServer registry =
        shutdown.starting(
            "registry", () -> SchemaRegistryServer.start(kafka.clientProperties(), address));
    kafka = kafka.with(KafkaConnection.REGISTRY_URL, registry.url());
    started.accept(Part.REGISTRY, registry.url());
  }

  private void startAggregator(UpConfig config) {
    Aggregator running =
        shutdown.starting(
            "aggregator", () -> Aggregator.start(config.aggregator().withKafka(kafka)));
    aggregator = running;
    started.accept(Part.AGGREGATOR, running.endpoint().url() + "/metrics");
  }

  private void startSinks(UpConfig config, Function<KafkaConnection, Outputs> sinks) {
    SinkService running =
        shutdown.starting(
            "sinks", () -> SinkService.start(sinks.apply(kafka), config.sinksEndpoint()));
    started.accept(Part.SINKS, running.endpoint().url() + "/metrics");
  }

  private void startTarget(int port) {
    TargetServer target =
        shutdown.starting(
            "target",
            () ->
                TargetServer.start(
                    "127.0.0.1",
                    port,
                    Behaviour.PROMPT.with(Map.of("latency", "lognormal(20ms,80ms)").entrySet()),
                    1));
    started.accept(Part.TARGET, target.url());
  }

  /** The cluster that the parts work with. */
  public KafkaConnection kafka() {
    return kafka;
  }

  /** Waits until the process is asked to end; false when a part has failed before. */
  public boolean awaitEnd() throws InterruptedException {
    if (aggregator != null) {
      return aggregator.awaitEnd();
    }
    shutdown.await();
    return true;
  }
}
