package io.tailrace.sink.influxdb;

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

/** Points for InfluxDB 1 and 2. */
@AutoService(SinkProvider.class)
public final class InfluxSinkProvider implements SinkProvider {
  private static final Tuning TUNING =
      new Tuning(5_000, "batch_size", 8 << 20, Duration.ofMillis(500), 2);

  @Override
  public String name() {
    return "influxdb";
  }

  @Override
  public String summary() {
    return "Writes every window as a point to InfluxDB 1 or 2, and violations, run events and"
        + " summaries beside them.";
  }

  @Override
  public Options options() {
    return InfluxConfig.OPTIONS;
  }

  @Override
  public Set<Feed> feeds() {
    return EnumSet.allOf(Feed.class);
  }

  @Override
  public Set<Feed> feeds(Settings block) {
    return InfluxConfig.withEvents(block) ? feeds() : Set.of(Feed.AGGREGATES);
  }

  @Override
  public Tuning tuning() {
    return TUNING;
  }

  @Override
  public Sink create(Settings block, SinkContext context) {
    return new InfluxSink(InfluxConfig.from(block), context);
  }
}
