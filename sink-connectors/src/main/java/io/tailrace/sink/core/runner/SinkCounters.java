package io.tailrace.sink.core.runner;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What a runner has done so far; written by its polling thread, read by anyone. */
final class SinkCounters {
  private record Trouble(SinkStatus.State state, String reason) {}

  private final Map<TopicPartition, Trouble> troubles = new LinkedHashMap<>();
  private SinkStatus.State state = SinkStatus.State.STARTING;
  private String failure = "";
  private long delivered;
  private long deadLettered;
  private long leftOut;
  private long retried;
  private long lag;
  private boolean breakerOpen;

  synchronized void running() {
    state = SinkStatus.State.RUNNING;
    failure = "";
  }

  synchronized void stopped() {
    state = SinkStatus.State.STOPPED;
  }

  synchronized void failed(String reason) {
    state = SinkStatus.State.FAILED;
    failure = reason;
  }

  synchronized void settled(TopicPartition partition, Attempt.Outcome.Settled settled) {
    delivered += settled.delivered();
    deadLettered += settled.deadLettered();
    leftOut += settled.leftOut();
    troubles.remove(partition);
  }

  synchronized void retrying(TopicPartition partition, String reason) {
    retried++;
    troubles.put(partition, new Trouble(SinkStatus.State.RETRYING, reason));
  }

  synchronized void misconfigured(TopicPartition partition, String reason) {
    retried++;
    troubles.put(partition, new Trouble(SinkStatus.State.MISCONFIGURED, reason));
  }

  synchronized void forget(Collection<TopicPartition> partitions) {
    troubles.keySet().removeAll(partitions);
  }

  synchronized void lag(long records) {
    lag = records;
  }

  synchronized void breaker(boolean open) {
    breakerOpen = open;
  }

  synchronized SinkStatus status() {
    if (state != SinkStatus.State.RUNNING || troubles.isEmpty()) {
      return status(state, failure);
    }
    Trouble worst =
        troubles.values().stream().max((a, b) -> a.state().compareTo(b.state())).orElseThrow();
    return status(worst.state(), worst.reason());
  }

  private SinkStatus status(SinkStatus.State now, String reason) {
    return new SinkStatus(now, reason, delivered, deadLettered, leftOut, retried, lag, breakerOpen);
  }
}
