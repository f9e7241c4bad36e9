package io.tailrace.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The {@code kafka:} block: plain client properties, the schema registry's among them. */
public final class KafkaConnection {
  public static final String BLOCK = "kafka";
  public static final String REGISTRY_URL = "schema.registry.url";

  private static final List<String> PREFIXES =
      List.of("producer.", "consumer.", "admin.", "main.", "restore.", "global.", "topic.");
  private static final Set<String> SERDE_NAMES =
      Set.of(
          REGISTRY_URL,
          "auto.register.schemas",
          "basic.auth.credentials.source",
          "basic.auth.user.info");

  private final Map<String, String> properties;

  private KafkaConnection(Map<String, String> properties) {
    this.properties = Map.copyOf(properties);
  }

  public static KafkaConnection of(Map<String, String> properties) {
    return new KafkaConnection(properties);
  }

  /** Reads the block under the root; a name that is nearly a known one is a fault. */
  public static KafkaConnection from(Settings root) {
    Properties block = Properties.read(root, BLOCK);
    if (!block.values().isEmpty()) {
      Set<String> known = knownNames();
      block
          .values()
          .forEach(
              (name, given) -> misspelt(name, known).ifPresent(k -> given.unknown(root, name, k)));
    }
    Map<String, String> properties = new TreeMap<>();
    block.values().forEach((name, value) -> properties.put(name, value.text()));
    return new KafkaConnection(properties);
  }

  public Optional<String> bootstrapServers() {
    return Optional.ofNullable(properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
  }

  public Optional<String> registryUrl() {
    return Optional.ofNullable(properties.get(REGISTRY_URL));
  }

  public KafkaConnection with(String name, String value) {
    Map<String, String> more = new TreeMap<>(properties);
    more.put(name, value);
    return new KafkaConnection(more);
  }

  /** What Kafka's clients are configured with; a map of its own for each caller. */
  public Map<String, Object> clientProperties() {
    return new TreeMap<>(properties);
  }

  private static Optional<String> misspelt(String name, Set<String> known) {
    if (known.contains(name) || PREFIXES.stream().anyMatch(name::startsWith)) {
      return Optional.empty();
    }
    // Interceptors and reporters have keys of their own, so only a near miss is a fault.
    return Nearest.to(name, known)
        .filter(near -> Nearest.distance(name.replaceAll("[-_]", "."), near) <= 2);
  }

  private static Set<String> knownNames() {
    Set<String> names = new HashSet<>(SERDE_NAMES);
    names.addAll(AdminClientConfig.configNames());
    names.addAll(ProducerConfig.configNames());
    names.addAll(ConsumerConfig.configNames());
    return names;
  }

  /** Names the cluster and nothing that could be secret. */
  @Override
  public String toString() {
    return "KafkaConnection[" + bootstrapServers().orElse("no cluster named") + "]";
  }
}
