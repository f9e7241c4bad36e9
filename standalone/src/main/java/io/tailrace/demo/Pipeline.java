package io.tailrace.demo;

import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.service.Shutdown;
import io.tailrace.sink.core.service.Outputs;
import io.tailrace.topics.Topics;
import io.tailrace.up.Part;
import io.tailrace.up.Services;
import io.tailrace.up.UpConfig;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The services that are shown, side by side in this process as "up" runs them. */
final class Pipeline {
  private static final String CONFIGURATION =
      """
      up:
        services: [kafka, registry, aggregator, sinks]
      outputs:
        prometheus: {}
        results: {}
      """;

  private final SettingsSource source;
  private final UpConfig config;
  private final Map<Part, String> addresses = new EnumMap<>(Part.class);
  private final Services services;

  private Pipeline(SettingsSource source, Shutdown shutdown) {
    this.source = source;
    config = Settings.of(source).read(UpConfig::from);
    services = Services.startCluster(config, shutdown, addresses::put);
    // The nodes need them, and may be there before the aggregator is.
    try (Admin admin = Admin.create(services.kafka().clientProperties())) {
      config.aggregator().catalogue().create(admin, config.aggregator().replication());
    }
  }

  /**
   * Starts the cluster; the shutdown closes it again.
   *
   * @param data where the broker keeps its data, null for a folder that goes with the process
   */
  static Pipeline startCluster(@Nullable Path data, Path results, Shutdown shutdown) {
    return new Pipeline(
        SettingsSource.ofYaml(CONFIGURATION)
            .withFlag("up.data", data == null ? null : data.toString())
            .withFlag("outputs.results.folder", results.toString()),
        shutdown);
  }

  /** Starts what reads from the cluster, and waits until it is there. */
  void startServices() {
    services.startRest(
        kafka ->
            Outputs.open(
                Settings.of(source).declare(UpConfig.BLOCK), Outputs.ALL, unused -> kafka));
  }

  /** Where a service answers; the aggregator and the sinks at their metrics. */
  String address(Part part) {
    return Objects.requireNonNull(addresses.get(part), part.written());
  }

  /** How everything else reaches the broker and the registry. */
  KafkaConnection kafka() {
    return services.kafka();
  }

  Topics topics() {
    return config.aggregator().topics();
  }
}
