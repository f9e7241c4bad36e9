package io.tailrace.sink.jira;

import com.google.auto.service.AutoService;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.provider.Tuning;
import java.util.Set;

/** The Jira sink, for the core to find. */
@AutoService(SinkProvider.class)
public final class JiraSinkProvider implements SinkProvider {
  @Override
  public String name() {
    return "jira";
  }

  @Override
  public String summary() {
    return "Files issues for runs, objectives or episodes in Jira Cloud and Data Center.";
  }

  @Override
  public Options options() {
    return JiraConfig.OPTIONS;
  }

  @Override
  public Set<Feed> feeds() {
    return Set.of(Feed.SUMMARIES, Feed.VIOLATIONS);
  }

  @Override
  public Set<Feed> feeds(Settings block) {
    return IssueConfig.per(block) == Per.RUN ? Set.of(Feed.SUMMARIES) : Set.of(Feed.VIOLATIONS);
  }

  /** Small batches: an issue is a request of its own, and a failure sends the whole batch again. */
  @Override
  public Tuning tuning() {
    return Tuning.DEFAULT.withBatchSize(20);
  }

  @Override
  public Sink create(Settings block, SinkContext context) {
    return new JiraSink(JiraConfig.from(block), context);
  }
}
