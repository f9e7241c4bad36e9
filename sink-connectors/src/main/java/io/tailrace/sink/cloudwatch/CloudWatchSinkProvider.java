package io.tailrace.sink.cloudwatch;

import com.google.auto.service.AutoService;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.provider.Tuning;
import java.time.Duration;
import java.util.Set;

/** The CloudWatch sink, for the core to find. */
@AutoService(SinkProvider.class)
public final class CloudWatchSinkProvider implements SinkProvider {
  /** So many that under load a batch fills ten requests, and the last one's gap is small. */
  private static final Tuning TUNING =
      new Tuning(10_000, "batch_size", 4 << 20, Duration.ofSeconds(1), 4);

  @Override
  public String name() {
    return "cloudwatch";
  }

  @Override
  public String summary() {
    return "Puts windows into Amazon CloudWatch as metrics with whole distributions, and keeps"
        + " alarms on them.";
  }

  @Override
  public Options options() {
    return CloudWatchConfig.OPTIONS;
  }

  @Override
  public Set<Feed> feeds() {
    return Set.of(Feed.AGGREGATES);
  }

  @Override
  public Tuning tuning() {
    return TUNING;
  }

  @Override
  public Sink create(Settings block, SinkContext context) {
    CloudWatchConfig config = CloudWatchConfig.from(block);
    return new CloudWatchSink(config, CloudWatchService.open(config, context), context);
  }
}
