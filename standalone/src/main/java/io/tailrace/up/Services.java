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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parts that were started, each closed by the shutdown before those it needs. */
public final class Services {
  private final UpConfig config;
  private final Shutdown shutdown;
  private final BiConsumer<Part, String> started;
  private KafkaConnection kafka;
  private volatile @Nullable Aggregator aggregator;

  private Services(UpConfig config, Shutdown shutdown, BiConsumer<Part, String> started) {
    this.config = config;
    this.kafka = config.kafka();
    this.shutdown = shutdown;
    this.started = started;
  }

  /**
   * Starts the parts that are configured and tells where each of them is reached.
   *
   * @param sinks makes those that are configured, for the cluster it is given
   */
  public static Services start(
      UpConfig config,
      Function<KafkaConnection, Outputs> sinks,
      Shutdown shutdown,
      BiConsumer<Part, String> started) {
    Services services = startCluster(config, shutdown, started);
    services.startRest(sinks);
    return services;
  }

  /** Starts what all others need: the broker and the registry. */
  public static Services startCluster(
      UpConfig config, Shutdown shutdown, BiConsumer<Part, String> started) {
    Services services = new Services(config, shutdown, started);
    if (config.runs(Part.KAFKA)) {
      services.startKafka();
    }
    if (config.runs(Part.REGISTRY)) {
      services.startRegistry();
    }
    return services;
  }

  /** Starts the others side by side, and waits for all of them. */
  public void startRest(Function<KafkaConnection, Outputs> sinks) {
    List<CompletableFuture<Void>> starting = new ArrayList<>();
    if (config.runs(Part.AGGREGATOR)) {
      starting.add(meanwhile(this::startAggregator));
    }
    if (config.runs(Part.SINKS)) {
      starting.add(meanwhile(() -> startSinks(sinks)));
    }
    if (config.runs(Part.TARGET)) {
      starting.add(meanwhile(this::startTarget));
    }
    try {
      CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private static CompletableFuture<Void> meanwhile(Runnable start) {
    return CompletableFuture.runAsync(
        start,
        task -> {
          Thread thread = new Thread(task, "start");
          thread.setDaemon(true);
          thread.start();
        });
  }

  /** Parts tell of themselves from several threads. */
  private void tell(Part part, String address) {
    synchronized (started) {
      started.accept(part, address);
    }
  }

  private void startKafka() {
    EmbeddedKafka.Builder builder = EmbeddedKafka.builder().port(config.ports().kafka());
    config.data().ifPresent(builder::dataFolder);
    EmbeddedKafka broker = shutdown.starting("kafka", builder::start);
    kafka = kafka.with("bootstrap.servers", broker.bootstrapServers());
    tell(Part.KAFKA, broker.bootstrapServers());
  }

  private void startRegistry() {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), config.ports().registry());
    SchemaRegistryServer registry =
        shutdown.starting(
            "registry", () -> SchemaRegistryServer.start(kafka.clientProperties(), address));
    kafka = kafka.with(KafkaConnection.REGISTRY_URL, registry.url());
    tell(Part.REGISTRY, registry.url());
  }

  private void startAggregator() {
    Aggregator running =
        shutdown.starting(
            "aggregator", () -> Aggregator.start(config.aggregator().withKafka(kafka)));
    aggregator = running;
    tell(Part.AGGREGATOR, running.endpoint().url() + "/metrics");
  }

  private void startSinks(Function<KafkaConnection, Outputs> sinks) {
    SinkService running =
        shutdown.starting(
            "sinks", () -> SinkService.start(sinks.apply(kafka), config.sinksEndpoint()));
    tell(Part.SINKS, running.endpoint().url() + "/metrics");
  }

  private void startTarget() {
    TargetServer target =
        shutdown.starting(
            "target",
            () ->
                TargetServer.start(
                    "127.0.0.1",
                    config.ports().target(),
                    Behaviour.PROMPT.with(Map.of("latency", "lognormal(20ms,80ms)").entrySet()),
                    1));
    tell(Part.TARGET, target.url());
  }

  /** The cluster that the parts work with. */
  public KafkaConnection kafka() {
    return kafka;
  }

  /** Waits until the process is asked to end; false when a part has failed before. */
  public boolean awaitEnd() throws InterruptedException {
    Aggregator running = aggregator;
    if (running != null) {
      return running.awaitEnd();
    }
    shutdown.await();
    return true;
  }
}
