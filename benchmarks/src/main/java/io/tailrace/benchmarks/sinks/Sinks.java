package io.tailrace.benchmarks.sinks;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.service.Pages;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import io.tailrace.sink.core.provider.SinkProvider;
import java.time.Clock;
import java.util.ServiceLoader;

/** Sinks by themselves, without the service that runs them. */
final class Sinks {
  private Sinks() {}

  static SinkProvider provider(String name) {
    return ServiceLoader.load(SinkProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Opens one with its block as YAML. */
  static Sink open(SinkProvider provider, String yaml, Http http) {
    SinkMetrics metrics = SinkMetrics.of(provider.name(), new CollectorRegistry());
    SinkContext context =
        new SinkContext(
            provider.name(),
            http,
            MetricShape.ALL,
            metrics,
            new Pages(),
            new JournaledOnce(OnceJournal.inMemory(), metrics),
            Clock.systemUTC());
    return Settings.of(SettingsSource.ofYaml(yaml))
        .read(block -> provider.options().read(block, its -> provider.create(its, context)));
  }
}
