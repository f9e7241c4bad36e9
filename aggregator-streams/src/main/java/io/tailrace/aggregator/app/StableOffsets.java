package io.tailrace.aggregator.app;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how far committed readers can read: a transaction that hangs stops them all without an
 * error anywhere.
 */
final class StableOffsets implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(StableOffsets.class);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Admin admin;
  private final List<String> topics;
  private final Map<TopicPartition, Reading> readings = new ConcurrentHashMap<>();

  /** The state of one partition, and since when its stable offset has not moved. */
  record Reading(long stable, long end, long sinceNanos) {
    boolean isBehind() {
      return stable < end;
    }

    boolean isStuck(long nowNanos) {
      return isBehind() && nowNanos - sinceNanos > LONGEST.toNanos();
    }
  }

  StableOffsets(Admin admin, List<String> topics) {
    this.admin = admin;
    this.topics = List.copyOf(topics);
  }

  /** Called every few seconds. */
  @Override
  public void run() {
    try {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      for (TopicDescription topic : describe()) {
        topic
            .partitions()
            .forEach(
                partition ->
                    latest.put(
                        new TopicPartition(topic.name(), partition.partition()),
                        OffsetSpec.latest()));
      }
      Map<TopicPartition, ListOffsetsResultInfo> stable =
          list(latest, IsolationLevel.READ_COMMITTED);
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          list(latest, IsolationLevel.READ_UNCOMMITTED);
      long now = System.nanoTime();
      stable.forEach((partition, offset) -> note(partition, offset, ends.get(partition), now));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RuntimeException e) {
      LOG.debug("cannot look at the stable offsets: {}", e.toString());
    }
  }

  private void note(
      TopicPartition partition,
      ListOffsetsResultInfo stable,
      @Nullable ListOffsetsResultInfo end,
      long nowNanos) {
    if (end == null) {
      return;
    }
    Reading before = readings.get(partition);
    boolean moved =
        before == null || before.stable() != stable.offset() || stable.offset() >= end.offset();
    readings.put(
        partition,
        new Reading(
            stable.offset(),
            end.offset(),
            before == null || moved ? nowNanos : before.sinceNanos()));
  }

  private Iterable<TopicDescription> describe() throws InterruptedException, ExecutionException {
    List<String> present =
        admin.listTopics().names().get().stream().filter(topics::contains).toList();
    return admin.describeTopics(present).allTopicNames().get().values();
  }

  private Map<TopicPartition, ListOffsetsResultInfo> list(
      Map<TopicPartition, OffsetSpec> latest, IsolationLevel level)
      throws InterruptedException, ExecutionException {
    return admin.listOffsets(latest, new ListOffsetsOptions(level)).all().get();
  }

  Map<TopicPartition, Reading> readings() {
    return readings;
  }

  /** Names the partitions on which a transaction hangs. */
  Optional<String> problem() {
    long now = System.nanoTime();
    TreeSet<String> stuck =
        readings.entrySet().stream()
            .filter(entry -> entry.getValue().isStuck(now))
            .map(entry -> entry.getKey().toString())
            .collect(Collectors.toCollection(TreeSet::new));
    return stuck.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "a transaction has been open for more than %d s on %s: see tailrace doctor"
                .formatted(LONGEST.toSeconds(), String.join(", ", stuck)));
  }
}
