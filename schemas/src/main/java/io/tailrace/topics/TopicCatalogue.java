package io.tailrace.topics;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** Every topic of Tailrace with its settings, the one place where they are written down. */
public final class TopicCatalogue {
  /**
   * Partitions of the topics that are keyed by run; run ids hash unevenly, so more than it seems to
   * need.
   */
  public static final int DEFAULT_PARTITIONS = 32;

  private static final int FEW_PARTITIONS = 4;
  private static final Duration SAMPLES_KEPT = Duration.ofDays(7);
  private static final Duration RESULTS_KEPT = Duration.ofDays(30);
  private static final Duration COMPACTED_WITHIN = Duration.ofHours(1);

  private final List<TopicSpec> topics;

  public TopicCatalogue(Topics t, int partitions) {
    this(
        List.of(
            deleted(t.samples(), partitions, SAMPLES_KEPT),
            deleted(t.windows(), partitions, RESULTS_KEPT),
            deleted(t.violations(), partitions, RESULTS_KEPT),
            compacted(t.runs(), partitions),
            compacted(t.summaries(), partitions),
            compacted(t.rules(), 1),
            deleted(t.commands(), partitions, SAMPLES_KEPT),
            deleted(t.deadLetters(), Math.min(partitions, FEW_PARTITIONS), RESULTS_KEPT),
            compacted(t.sinkState(), Math.min(partitions, FEW_PARTITIONS))));
  }

  private TopicCatalogue(List<TopicSpec> topics) {
    this.topics = topics;
  }

  /** The same catalogue with further or other settings for one topic. */
  public TopicCatalogue withConfig(String topic, Map<String, String> config) {
    if (topics.stream().noneMatch(spec -> spec.name().equals(topic))) {
      throw new IllegalArgumentException(
          "settings for topic " + topic + ": expected one of " + topicNames());
    }
    List<TopicSpec> changed = new ArrayList<>();
    for (TopicSpec spec : topics) {
      if (spec.name().equals(topic)) {
        Map<String, String> merged = new HashMap<>(spec.config());
        merged.putAll(config);
        changed.add(new TopicSpec(topic, spec.partitions(), merged));
      } else {
        changed.add(spec);
      }
    }
    return new TopicCatalogue(List.copyOf(changed));
  }

  public List<TopicSpec> topics() {
    return topics;
  }

  /**
   * Creates what is missing and returns when every topic can be written to; what is there stays as
   * it is.
   */
  public void create(Admin admin, short replication) {
    new ClusterTopics(admin).create(topics, replication);
  }

  /** What differs in the cluster, by topic and setting; empty when nothing does. */
  public List<Drift> check(Admin admin) {
    return new ClusterTopics(admin).check(topics);
  }

  private List<String> topicNames() {
    return topics.stream().map(TopicSpec::name).toList();
  }

  // LogAppendTime everywhere: with a producer's timestamps, old ones make the broker delete records
  // at once by retention, and future ones make it refuse them.
  private static TopicSpec deleted(String name, int partitions, Duration kept) {
    return new TopicSpec(
        name,
        partitions,
        Map.of(
            CLEANUP_POLICY_CONFIG,
            CLEANUP_POLICY_DELETE,
            RETENTION_MS_CONFIG,
            Long.toString(kept.toMillis()),
            MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "LogAppendTime"));
  }

  private static TopicSpec compacted(String name, int partitions) {
    return new TopicSpec(
        name,
        partitions,
        Map.of(
            CLEANUP_POLICY_CONFIG,
            CLEANUP_POLICY_COMPACT,
            MAX_COMPACTION_LAG_MS_CONFIG,
            Long.toString(COMPACTED_WITHIN.toMillis()),
            MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "LogAppendTime"));
  }
}
