package io.tailrace.sink.elasticsearch;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.record.Aggregate;
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
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** Sinks made from a block of YAML, and batches for them. */
final class SearchSinks implements AutoCloseable {
  private final Http http = Http.open(HttpConfig.DEFAULT, NetworkRules.DEFAULT);

  Sink sink(String yaml) {
    SinkMetrics metrics = SinkMetrics.of("elasticsearch", new CollectorRegistry());
    SinkContext context =
        new SinkContext(
            "elasticsearch",
            http,
            MetricShape.ALL,
            metrics,
            new Pages(),
            new JournaledOnce(OnceJournal.inMemory(), metrics),
            Clock.systemUTC());
    ElasticsearchSinkProvider provider = new ElasticsearchSinkProvider();
    return Settings.of(
            SettingsSource.ofYaml(yaml)
                .withEnvironment(Map.of("ELASTIC_USER", "me", "ELASTIC_PASSWORD", "secret")))
        .read(block -> provider.options().read(block, its -> provider.create(its, context)));
  }

  static Delivery deliver(Sink sink, Aggregate... windows) throws Exception {
    List<Item> items = new ArrayList<>();
    for (Aggregate each : windows) {
      items.add(item(Feed.AGGREGATES, items.size(), each));
    }
    return sink.deliver(items);
  }

  static Item item(Feed feed, long offset, SpecificRecord value) {
    return new Item(feed, new Origin(feed.name(), 0, offset), value);
  }

  @Override
  public void close() {
    http.close();
  }
}
