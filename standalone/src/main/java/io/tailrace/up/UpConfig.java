package io.tailrace.up;

import io.tailrace.aggregator.app.AggregatorConfig;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.topics.TopicCatalogue;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private static final int FEW_PARTITIONS = 4;
  private static final int HIGHEST_PORT = 65_535;

  /** Where the parts listen on loopback. */
  record Ports(int kafka, int registry, int target) {}

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
                .texts("services")
                .where(
                    names -> !names.isEmpty() && names.stream().allMatch(Part::isKnown),
                    "some of " + Part.names())
                .or(byDefault(named, kafka.registryUrl().isPresent())));
    if (named && parts.contains(Part.KAFKA)) {
      block.refuse(
          "services", "no kafka here, or no kafka.bootstrap.servers: it is one of the two");
    }
    if (kafka.registryUrl().isPresent() && parts.contains(Part.REGISTRY)) {
      block.refuse(
          "services", "no registry here, or no kafka.schema.registry.url: it is one of the two");
    }
    return new UpConfig(
        parts,
        block.path("data").optional(),
        new Ports(
            port(block, "kafka_port"), port(block, "registry_port"), port(block, "target_port")),
        AggregatorConfig.from(root, named ? TopicCatalogue.DEFAULT_PARTITIONS : FEW_PARTITIONS));
  }

  private static int port(Settings block, String key) {
    return block.integer(key).between(0, HIGHEST_PORT).or(0);
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
    return names;
  }

  public boolean runs(Part part) {
    return parts.contains(part);
  }

  public KafkaConnection kafka() {
    return aggregator.kafka();
  }

  /** The same with another connection. */
  public UpConfig withKafka(KafkaConnection other) {
    return new UpConfig(parts, data, ports, aggregator.withKafka(other));
  }
}
