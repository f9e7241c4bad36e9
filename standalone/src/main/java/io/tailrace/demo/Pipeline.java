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
import org.jspecify.annotations.Nullable;

/** The services that are shown, side by side in this process as "up" runs them. */
public final class Pipeline {
  private static final String CONFIGURATION =
      """
      up:
        services: [kafka, registry, aggregator, sinks]
      outputs:
        prometheus: {}
        results: {}
      """;

  private final Services services;
  private final Map<Part, String> addresses;
  private final UpConfig config;

  private Pipeline(Services services, Map<Part, String> addresses, UpConfig config) {
    this.services = services;
    this.addresses = addresses;
    this.config = config;
  }

  /**
   * Starts everything; the shutdown closes it again, in reverse order.
   *
   * @param data where the broker keeps its data, null for a folder that goes with the process
   */
  public static Pipeline start(@Nullable Path data, Path results, Shutdown shutdown) {
    SettingsSource source =
        SettingsSource.ofYaml(CONFIGURATION)
            .withFlag("up.data", data == null ? null : data.toString())
            .withFlag("outputs.results.folder", results.toString());
    UpConfig config = Settings.of(source).read(UpConfig::from);
    Map<Part, String> addresses = new EnumMap<>(Part.class);
    Services services =
        Services.start(
            config,
            kafka ->
                Outputs.open(
                    Settings.of(source).declare(UpConfig.BLOCK), Outputs.ALL, unused -> kafka),
            shutdown,
            addresses::put);
    return new Pipeline(services, addresses, config);
  }

  /** Where a service answers; the aggregator and the sinks at their metrics. */
  String address(Part part) {
    return Objects.requireNonNull(addresses.get(part), part.written());
  }

  /** How everything else reaches the broker and the registry. */
  public KafkaConnection kafka() {
    return services.kafka();
  }

  Topics topics() {
    return config.aggregator().topics();
  }
}
