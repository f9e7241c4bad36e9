package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cluster a command works with: the one named, else the one embedded on this machine. */
final class ClusterOptions {
  private static final String BOOTSTRAP = "bootstrap.servers";

  @Mixin private final ConfigurationOptions configuration = new ConfigurationOptions();

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "The Kafka cluster (TAILRACE_KAFKA_BOOTSTRAP_SERVERS, or kafka: in the file).")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--schema-registry",
      paramLabel = "URL",
      description = "Its schema registry (TAILRACE_KAFKA_SCHEMA_REGISTRY_URL, or in the file).")
  private @Nullable String registryUrl;

  /** The whole configuration; blocks besides {@code kafka:} are the command's to read. */
  Settings open(Session session) {
    return open(session, Map.of());
  }

  Settings open(Session session, Map<String, @Nullable String> flags) {
    Map<String, @Nullable String> all = new HashMap<>(flags);
    all.put(KafkaConnection.BLOCK + "." + BOOTSTRAP, bootstrapServers);
    all.put(KafkaConnection.BLOCK + "." + KafkaConnection.REGISTRY_URL, registryUrl);
    return configuration.open(session, all);
  }

  boolean literalSecretsAllowed() {
    return configuration.literalSecretsAllowed();
  }

  /** The connection as far as it is given, completed from a cluster that runs on this machine. */
  static KafkaConnection reachable(KafkaConnection given, Session session) {
    if (given.bootstrapServers().isPresent()) {
      return given;
    }
    LocalCluster local =
        LocalCluster.running(session.environment())
            .orElseThrow(
                () ->
                    CommandFailure.wrongUsage(
                        "which cluster? Give --bootstrap-server HOST:PORT, set"
                            + " TAILRACE_KAFKA_BOOTSTRAP_SERVERS, or write kafka: in"
                            + " tailrace.yaml"));
    KafkaConnection found = given.with(BOOTSTRAP, local.bootstrapServers());
    return found.registryUrl().isPresent() || local.registryUrl().isEmpty()
        ? found
        : found.with(KafkaConnection.REGISTRY_URL, local.registryUrl());
  }
}
