package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.TopicsConfig;
import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the runs with what is known of them. */
@Command(
    name = "runs",
    description = "List runs: state, rate, p95, nodes, verdict.",
    footerHeading = "%nExample:%n",
    footer = "  tailrace runs --follow")
final class RunsCommand implements Callable<Integer> {
  private static final Duration SHOWN_EVERY = Duration.ofSeconds(1);

  private final Session session;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(names = "--follow", description = "Go on, showing what changes, until interrupted.")
  private boolean follow;

  RunsCommand(Session session) {
    this.session = session;
  }

  /** Which topics to read, and where. */
  record Given(KafkaConnection kafka, Topics topics) {
    static Given from(Settings root) {
      return new Given(
          KafkaConnection.from(root),
          TopicsConfig.from(root.block(TopicsConfig.BLOCK), TopicCatalogue.DEFAULT_PARTITIONS)
              .topics());
    }
  }

  @Override
  public Integer call() {
    Given given = cluster.open(session).read(Given::from);
    KafkaConnection kafka = ClusterOptions.reachable(given.kafka(), session);
    RunList list = new RunList();
    try (Topic<RunEvent> events = new Topic<>(given.topics().runs(), RunEvent.class, kafka);
        Topic<Aggregate> windows = new Topic<>(given.topics().windows(), Aggregate.class, kafka);
        Topic<RunSummary> summaries =
            new Topic<>(given.topics().summaries(), RunSummary.class, kafka)) {
      events.readAll(list::add);
      windows.readAll(list::add);
      summaries.readAll(list::add);
      session.out().println(RunList.HEADING);
      show(list);
      while (follow) {
        long until = System.nanoTime() + SHOWN_EVERY.toNanos();
        while (System.nanoTime() < until) {
          events.poll(Duration.ofMillis(100), list::add);
          windows.poll(Duration.ofMillis(100), list::add);
          summaries.poll(Duration.ofMillis(100), list::add);
        }
        show(list);
      }
    }
    return ExitCode.DONE;
  }

  private void show(RunList list) {
    list.takeChanged().forEach(session.out()::println);
    session.out().flush();
  }
}
