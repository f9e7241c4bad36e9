package io.tailrace.sink.elasticsearch;

import com.google.auto.service.AutoService;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.provider.Tuning;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Documents for Elasticsearch and OpenSearch. */
@AutoService(SinkProvider.class)
public final class ElasticsearchSinkProvider implements SinkProvider {
  private static final Tuning TUNING =
      new Tuning(1_000, "bulk_size", 8 << 20, Duration.ofMillis(500), 2);

  @Override
  public String name() {
    return "elasticsearch";
  }

  @Override
  public String summary() {
    return "Indexes every window as a document in Elasticsearch or OpenSearch, and violations, run"
        + " events and summaries beside them.";
  }

  @Override
  public Options options() {
    return ElasticsearchConfig.OPTIONS;
  }

  @Override
  public Set<Feed> feeds() {
    return EnumSet.allOf(Feed.class);
  }

  @Override
  public Set<Feed> feeds(Settings block) {
    return ElasticsearchConfig.withEvents(block) ? feeds() : Set.of(Feed.AGGREGATES);
  }

  @Override
  public Tuning tuning() {
    return TUNING;
  }

  @Override
  public Sink create(Settings block, SinkContext context) {
    return new ElasticsearchSink(ElasticsearchConfig.from(block), context);
  }
}
