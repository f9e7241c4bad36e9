package io.tailrace.up;

import io.tailrace.aggregator.app.AggregatorConfig;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.service.EndpointConfig;
import io.tailrace.sink.core.service.Outputs;
import io.tailrace.topics.TopicCatalogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What runs in the process: the {@code up:} block, and the blocks of those services.
 *
 * @param data where the broker keeps its data; empty for a folder that goes with the process
 * @param ports 0 takes any free one
 */
public record UpConfig(
    Set<Part> parts, Optional<Path> data, Ports ports, AggregatorConfig aggregator) {
  public static final String BLOCK = "up";

  private static final String INTEGRATIONS = "integrations";
  private static final String SERVICES = "services";
  private static final int FEW_PARTITIONS = 4;
  private static final int HIGHEST_PORT = 65_535;

  /** Where the parts listen; the aggregator's is {@code service.port}. */
  record Ports(int kafka, int registry, int sinks, int target) {}

  public UpConfig {
    parts = Set.copyOf(parts);
  }

  /** Reads the whole configuration. */
  public static UpConfig from(Settings root) {
    Settings block = root.block(BLOCK);
    KafkaConnection kafka = KafkaConnection.from(root);
    boolean named = kafka.bootstrapServers().isPresent();
    Set<Part> parts =
        Part.all(
            block
                .texts(SERVICES)
                .where(
                    names -> !names.isEmpty() && names.stream().allMatch(Part::isKnown),
                    "some of " + Part.names())
                .or(byDefault(named, kafka.registryUrl().isPresent())));
    if (named && parts.contains(Part.KAFKA)) {
      block.refuse(SERVICES, "no kafka here, or no kafka.bootstrap.servers: it is one of the two");
    }
    if (kafka.registryUrl().isPresent() && parts.contains(Part.REGISTRY)) {
      block.refuse(
          SERVICES, "no registry here, or no kafka.schema.registry.url: it is one of the two");
    }
    AggregatorConfig aggregator =
        AggregatorConfig.from(root, named ? TopicCatalogue.DEFAULT_PARTITIONS : FEW_PARTITIONS);
    Ports ports =
        new Ports(
            port(block, "kafka_port", 0),
            port(block, "registry_port", 0),
            port(block, "sinks_port", next(aggregator.endpoint().port())),
            port(block, "target_port", 0));
    Optional<Path> data = block.path("data").optional();
    // Last, as it refuses every key that nobody has asked for by then.
    return new UpConfig(withSinks(parts, block, root), data, ports, aggregator);
  }

  private static int port(Settings block, String key, int byDefault) {
    return block.integer(key).between(0, HIGHEST_PORT).or(byDefault);
  }

  /** Each service answers for itself, so that one port is not enough for two of them. */
  private static int next(int port) {
    return port == 0 || port == HIGHEST_PORT ? 0 : port + 1;
  }

  /** With the sinks only if there are any; their faults are found here, before anything runs. */
  private static Set<Part> withSinks(Set<Part> parts, Settings block, Settings root) {
    if (!parts.contains(Part.SINKS)) {
      root.declare(Outputs.BLOCK, INTEGRATIONS);
      return parts;
    }
    try (Outputs outputs = Outputs.open(root, Outputs.ALL, kafka -> kafka)) {
      Set<Part> some = EnumSet.copyOf(parts);
      if (outputs.names().isEmpty()) {
        some.remove(Part.SINKS);
        if (block.has(SERVICES)) {
          block.refuse(SERVICES, "no sinks here, or one that is enabled below outputs:");
        }
      }
      return some;
    }
  }

  /** The pipeline, with a broker and a registry where none is named. */
  private static List<String> byDefault(boolean clusterNamed, boolean registryNamed) {
    List<String> names = new ArrayList<>();
    if (!clusterNamed) {
      names.add(Part.KAFKA.written());
    }
    if (!registryNamed) {
      names.add(Part.REGISTRY.written());
    }
    names.add(Part.AGGREGATOR.written());
    names.add(Part.SINKS.written());
    return names;
  }

  public boolean runs(Part part) {
    return parts.contains(part);
  }

  public KafkaConnection kafka() {
    return aggregator.kafka();
  }

  /** Where the sinks answer for health, metrics and what they show. */
  EndpointConfig sinksEndpoint() {
    return new EndpointConfig(aggregator.endpoint().host(), ports.sinks());
  }

  /** The same with another connection. */
  public UpConfig withKafka(KafkaConnection other) {
    return new UpConfig(parts, data, ports, aggregator.withKafka(other));
  }
}
