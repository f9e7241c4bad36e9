package io.tailrace.sink.prometheus;

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
import io.tailrace.sink.core.Recalling;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** One partition of the windows topic, and sinks that read it, crash and read it again. */
final class SinkLog implements AutoCloseable {
  private final List<Item> items = new ArrayList<>();
  private final Http http = Http.open(HttpConfig.DEFAULT, NetworkRules.DEFAULT);
  private final CollectorRegistry registry = new CollectorRegistry();
  private final SinkMetrics metrics = SinkMetrics.of("prometheus", registry);
  private final Pages pages = new Pages();

  /** The next offset, and what a restart begins with. */
  private long settled;

  private long needed;

  void add(Aggregate aggregate) {
    items.add(new Item(Feed.AGGREGATES, new Origin("windows", 0, items.size()), aggregate));
  }

  /** A sink in its next life: it has been told again what it needs. */
  Recalling sink(String block) {
    SinkContext context =
        new SinkContext(
            "prometheus",
            http,
            MetricShape.ALL,
            metrics,
            pages,
            new JournaledOnce(OnceJournal.inMemory(), metrics),
            Clock.systemUTC());
    PrometheusSinkProvider provider = new PrometheusSinkProvider();
    Recalling sink =
        (Recalling)
            Settings.of(SettingsSource.ofYaml(block))
                .read(its -> provider.options().read(its, b -> provider.create(b, context)));
    if (needed < settled) {
      sink.recall(items.subList((int) needed, (int) settled));
    }
    return sink;
  }

  /** Delivers the next batch as the runner would, without settling it. */
  void deliver(Recalling sink, int count) throws Exception {
    deliver(sink, items.subList((int) settled, (int) Math.min(settled + count, items.size())));
  }

  private void deliver(Recalling sink, List<Item> batch) throws Exception {
    Delivery delivery = sink.deliver(batch);
    if (delivery instanceof Delivery.Rejected rejected) {
      if (batch.size() == 1) {
        throw new AssertionError("dead letter: " + rejected.reason());
      }
      deliver(sink, batch.subList(0, batch.size() / 2));
      deliver(sink, batch.subList(batch.size() / 2, batch.size()));
    } else if (delivery instanceof Delivery.Retry retry) {
      throw new IOException(retry.reason());
    } else if (!(delivery instanceof Delivery.Accepted)) {
      throw new AssertionError(delivery.toString());
    }
  }

  void settle(Recalling sink, int count) {
    settled = Math.min(settled + count, items.size());
    needed = Math.min(settled, sink.neededFrom("windows", 0, settled));
  }

  boolean isDone() {
    return settled == items.size();
  }

  double counter(String name) {
    Double value =
        registry.getSampleValue(name, new String[] {"sink"}, new String[] {"prometheus"});
    return value == null ? 0 : value;
  }

  Pages pages() {
    return pages;
  }

  @Override
  public void close() {
    http.close();
  }
}
