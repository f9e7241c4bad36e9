package io.tailrace.aggregator.app;

import io.tailrace.aggregator.run.RunRules;
import io.tailrace.config.Durations;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.TopicsConfig;
import io.tailrace.service.EndpointConfig;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the aggregator runs with.
 *
 * @param kafka the cluster and its schema registry
 * @param topics the topics' names
 * @param catalogue the topics as they are created where they are missing
 * @param replication of topics that are created; -1 leaves it to the cluster
 * @param applicationId the name under which all instances share the work
 * @param threads stream threads of this instance
 * @param standbys copies of each task's state on other instances
 * @param rules how runs are aggregated
 * @param endpoint where health and metrics are answered
 */
public record AggregatorConfig(
    KafkaConnection kafka,
    Topics topics,
    TopicCatalogue catalogue,
    short replication,
    String applicationId,
    int threads,
    int standbys,
    RunRules rules,
    EndpointConfig endpoint) {
  public static final String BLOCK = "aggregate";

  private static final int MOST_THREADS = 256;
  private static final int MOST_STANDBYS = 8;
  private static final int MOST_SERIES = 100_000;

  /** Reads the blocks of the whole configuration; new topics have so many partitions. */
  public static AggregatorConfig from(Settings root, int partitions) {
    Settings block = root.block(BLOCK);
    TopicsConfig topics = TopicsConfig.from(root.block(TopicsConfig.BLOCK), partitions);
    return new AggregatorConfig(
        KafkaConnection.from(root),
        topics.topics(),
        topics.catalogue(),
        topics.replication(),
        block.text("application_id").or(topics.prefix() + "aggregator"),
        block.integer("threads").between(1, MOST_THREADS).or(1),
        block.integer("standby_replicas").between(0, MOST_STANDBYS).or(0),
        rules(block),
        EndpointConfig.from(root.block(EndpointConfig.BLOCK)));
  }

  private static RunRules rules(Settings block) {
    RunRules defaults = RunRules.defaults();
    return new RunRules(
        block.texts("windows").or(List.of("1s", "10s", "60s")).stream()
            .map(AggregatorConfig::micros)
            .toList(),
        micros(block, "silent_after", defaults.silentAfterMicros()),
        micros(block, "wait_for_nodes", defaults.holdMicros()),
        micros(block, "reopen_for", defaults.reopenMicros()),
        micros(block, "clock_skew", defaults.skewMicros()),
        defaults.lateMicros(),
        defaults.earlyMicros(),
        micros(block, "remember_runs", defaults.rememberMicros()),
        block.integer("max_series").between(1, MOST_SERIES).or(defaults.mostSeries()),
        defaults.mostOpenWindows(),
        defaults.mostOpenWeight(),
        defaults.mostRetainedWeight(),
        defaults.mostLives());
  }

  private static long micros(Settings block, String key, long byDefault) {
    Duration span = block.duration(key).or(Duration.of(byDefault, ChronoUnit.MICROS));
    return TimeUnit.NANOSECONDS.toMicros(span.toNanos());
  }

  private static long micros(String window) {
    return TimeUnit.NANOSECONDS.toMicros(Durations.parse(window).toNanos());
  }

  /** The same with another connection. */
  public AggregatorConfig withKafka(KafkaConnection other) {
    return new AggregatorConfig(
        other, topics, catalogue, replication, applicationId, threads, standbys, rules, endpoint);
  }
}
