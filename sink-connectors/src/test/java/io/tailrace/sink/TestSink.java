package io.tailrace.sink;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.service.Pages;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.Origin;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import io.tailrace.sink.core.provider.SinkProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** A sink as the core makes it, for tests that hand it records one by one. */
public final class TestSink implements AutoCloseable {
  /** Long enough for a first connection on a busy machine; nothing here waits for it. */
  private static final HttpConfig PATIENT = HttpConfig.DEFAULT.withTimeout(Duration.ofSeconds(20));

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Http http = Http.open(PATIENT, NetworkRules.DEFAULT);
  private final String name;
  private final Settings settings;
  private final Sink sink;

  private TestSink(SinkProvider provider, SettingsSource source, OnceJournal journal) {
    name = provider.name();
    SinkMetrics metrics = SinkMetrics.of(name, registry);
    SinkContext context =
        new SinkContext(
            name,
            http,
            MetricShape.ALL,
            metrics,
            new Pages(),
            new JournaledOnce(journal, metrics),
            Clock.systemUTC());
    settings = Settings.of(source);
    sink =
        settings.read(
            block -> provider.options().read(block, its -> provider.create(its, context)));
  }

  /** Literal secrets are fine here. */
  public static TestSink open(SinkProvider provider, String block, OnceJournal journal) {
    return open(provider, block, Map.of(), journal);
  }

  public static TestSink open(
      SinkProvider provider, String block, Map<String, String> environment, OnceJournal journal) {
    return new TestSink(
        provider,
        SettingsSource.ofYaml(block).withEnvironment(environment).allowingLiteralSecrets(true),
        journal);
  }

  public Sink sink() {
    return sink;
  }

  /** What of the configuration has no effect. */
  public List<String> notes() {
    return settings.notes();
  }

  public Delivery deliver(Feed feed, SpecificRecord... records) throws Exception {
    List<Item> items = new ArrayList<>();
    for (SpecificRecord each : records) {
      items.add(new Item(feed, new Origin("topic", 0, items.size()), each));
    }
    return sink.deliver(items);
  }

  public double metric(String family) {
    Double value = registry.getSampleValue(family, new String[] {"sink"}, new String[] {name});
    return value == null ? Double.NaN : value;
  }

  @Override
  public void close() {
    sink.close();
    http.close();
  }
}
