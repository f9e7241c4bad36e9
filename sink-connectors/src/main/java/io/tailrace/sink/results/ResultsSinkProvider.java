package io.tailrace.sink.results;

import com.google.auto.service.AutoService;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkProvider;
import java.util.Set;

/** The results sink, for the core to find. */
@AutoService(SinkProvider.class)
public final class ResultsSinkProvider implements SinkProvider {
  @Override
  public String name() {
    return "results";
  }

  @Override
  public String summary() {
    return "Writes each run's windows, summary, JUnit report and totals as files.";
  }

  @Override
  public Options options() {
    return ResultsConfig.OPTIONS;
  }

  @Override
  public Set<Feed> feeds() {
    return Set.of(Feed.AGGREGATES, Feed.SUMMARIES);
  }

  @Override
  public Sink create(Settings block, SinkContext context) {
    return new ResultsSink(ResultsConfig.from(block));
  }
}
