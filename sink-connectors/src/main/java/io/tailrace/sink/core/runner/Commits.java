package io.tailrace.sink.core.runner;

import io.tailrace.sink.core.Recalling;
import io.tailrace.sink.core.Sink;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What is committed of each partition. For a sink that recalls, the offset is the first that it
 * needs again, and the metadata says up to where everything is settled.
 */
final class Commits {
  private static final String SETTLED = "settled=";

  private final @Nullable Recalling recalling;
  private final Map<TopicPartition, OffsetAndMetadata> last = new HashMap<>();

  Commits(Sink sink) {
    recalling = sink instanceof Recalling recalls ? recalls : null;
  }

  boolean isRecalling() {
    return recalling != null;
  }

  /** Takes up a partition where an earlier life left it. */
  void resume(Lane lane, @Nullable OffsetAndMetadata committed) {
    if (committed != null) {
      settled(committed).ifPresent(lane::recallUpTo);
    }
  }

  private static OptionalLong settled(OffsetAndMetadata committed) {
    String text = committed.metadata();
    if (!text.startsWith(SETTLED)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text.substring(SETTLED.length())));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** What is to be committed of a partition, when it differs from what was. */
  Optional<OffsetAndMetadata> due(TopicPartition partition, Lane lane) {
    long settled = lane.acknowledged();
    if (settled < 0 || lane.isRecalling()) {
      return Optional.empty();
    }
    OffsetAndMetadata now = new OffsetAndMetadata(settled);
    if (recalling != null) {
      long needed = recalling.neededFrom(partition.topic(), partition.partition(), settled);
      now = new OffsetAndMetadata(Math.min(needed, settled), SETTLED + settled);
    }
    return now.equals(last.get(partition)) ? Optional.empty() : Optional.of(now);
  }

  void done(Map<TopicPartition, OffsetAndMetadata> committed) {
    last.putAll(committed);
  }

  void forget(Collection<TopicPartition> partitions) {
    last.keySet().removeAll(partitions);
    if (recalling != null) {
      partitions.forEach(each -> recalling.forget(each.topic(), each.partition()));
    }
  }
}
