package io.tailrace.sink.jira;

import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.provider.SinkContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Files issues, one record after another: what was filed before a failure is not filed again. */
final class JiraSink implements Sink {
  private static final Set<String> ALWAYS_SET =
      Set.of("project", "issuetype", "summary", "description", "labels", "reporter");

  private final IssueConfig config;
  private final JiraApi api;
  private final Filing filing;

  JiraSink(JiraConfig config, SinkContext context) {
    this.config = config.issues();
    HttpTarget plain =
        context
            .http()
            .target(config.url())
            .withGzip(false)
            .withHeader("Accept", "application/json");
    HttpTarget target =
        config
            .username()
            .map(user -> plain.withBasic(user, config.token()))
            .orElseGet(() -> plain.withBearer(config.token()));
    this.api =
        new JiraApi(
            target,
            config.deployment(),
            context.clock(),
            context
                .metrics()
                .counter(
                    "tailrace_sink_unanswered_total",
                    "Changes asked of the target whose answer never came."));
    IssueBook book = new IssueBook(api, context.once(), config.issues());
    this.filing =
        switch (config.issues().per()) {
          case RUN -> new RunFiling(config.issues(), book, context.once());
          case OBJECTIVE -> new ObjectiveFiling(config.issues(), book, api, context.once());
          case EPISODE -> new EpisodeFiling(config.issues(), book);
        };
  }

  @Override
  public Delivery deliver(List<Item> batch) throws IOException, InterruptedException {
    if (!config.enabled()) {
      return Delivery.accepted();
    }
    List<Delivery.Rejection> rejections = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      try {
        filing.take(batch.get(i));
      } catch (JiraRefusal e) {
        if (!(e.delivery() instanceof Delivery.Rejected rejected)) {
          return e.delivery();
        }
        rejections.add(new Delivery.Rejection(i, rejected.reason()));
      } catch (IllegalArgumentException e) {
        rejections.add(new Delivery.Rejection(i, String.valueOf(e.getMessage())));
      }
    }
    return rejections.isEmpty()
        ? Delivery.accepted()
        : new Delivery.PartlyRejected(List.copyOf(rejections));
  }

  /** Logs in and reads what the project takes; files nothing. */
  @Override
  public void check() throws IOException, InterruptedException {
    Set<String> missing = new TreeSet<>(api.requiredFields(config.project(), config.type()));
    missing.removeAll(ALWAYS_SET);
    missing.removeAll(config.fields().keySet());
    if (config.texts().assignee().isPresent()) {
      missing.remove("assignee");
    }
    if (!config.priorities().isEmpty()) {
      missing.remove("priority");
    }
    if (!missing.isEmpty()) {
      throw new IOException(
          "issues of type \""
              + config.type()
              + "\" in "
              + config.project()
              + " need "
              + missing
              + "; set them in issue_creation.fields");
    }
  }

  @Override
  public void close() {}
}
