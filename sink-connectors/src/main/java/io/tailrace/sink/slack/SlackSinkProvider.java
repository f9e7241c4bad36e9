package io.tailrace.sink.slack;

import com.google.auto.service.AutoService;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.provider.Tuning;
import java.util.Set;

/** The Slack sink, for the core to find. */
@AutoService(SinkProvider.class)
public final class SlackSinkProvider implements SinkProvider {
  @Override
  public String name() {
    return "slack";
  }

  @Override
  public String summary() {
    return "Tells a Slack channel of runs and violations, one message for each, kept up to date.";
  }

  @Override
  public Options options() {
    return SlackConfig.OPTIONS;
  }

  @Override
  public Set<Feed> feeds() {
    return Set.of(Feed.RUN_EVENTS, Feed.VIOLATIONS, Feed.SUMMARIES, Feed.AGGREGATES);
  }

  @Override
  public Set<Feed> feeds(Settings block) {
    return SlackConfig.drawsWindows(block)
        ? feeds()
        : Set.of(Feed.RUN_EVENTS, Feed.VIOLATIONS, Feed.SUMMARIES);
  }

  /** One attempt at a time: a channel is told in order. */
  @Override
  public Tuning tuning() {
    return Tuning.DEFAULT.withBatchSize(200).withParallelism(1);
  }

  @Override
  public Sink create(Settings block, SinkContext context) {
    return new SlackSink(SlackConfig.from(block), context);
  }
}
