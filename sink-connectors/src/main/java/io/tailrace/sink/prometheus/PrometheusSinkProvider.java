package io.tailrace.sink.prometheus;

import com.google.auto.service.AutoService;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkProvider;
import java.util.Set;

/** The Prometheus sink, for the core to find. */
@AutoService(SinkProvider.class)
public final class PrometheusSinkProvider implements SinkProvider {
  @Override
  public String name() {
    return "prometheus";
  }

  @Override
  public String summary() {
    return "Counters, gauges and histograms: written remotely, pushed to a Pushgateway, scraped.";
  }

  @Override
  public Options options() {
    return PrometheusConfig.OPTIONS;
  }

  @Override
  public Set<Feed> feeds() {
    return Set.of(Feed.AGGREGATES);
  }

  @Override
  public Sink create(Settings block, SinkContext context) {
    return new PrometheusSink(PrometheusConfig.from(block), context, System::nanoTime);
  }
}
