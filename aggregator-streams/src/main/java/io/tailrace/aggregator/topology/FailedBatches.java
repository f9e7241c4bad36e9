package io.tailrace.aggregator.topology;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often a batch could not be applied, remembered beyond the threads that tried: a fault of ours
 * must not keep all the batches behind it waiting.
 */
final class FailedBatches {
  /** Whatever fails so often on fresh state will fail for ever. */
  static final int ATTEMPTS = 3;

  private final Map<Integer, Failure> byPartition = new ConcurrentHashMap<>();

  private record Failure(long offset, int times, String what) {}

  /** Notes that the batch at this place could not be applied. */
  void note(int partition, long offset, RuntimeException what) {
    byPartition.merge(
        partition,
        new Failure(offset, 1, what.toString()),
        (before, now) ->
            before.offset == offset ? new Failure(offset, before.times + 1, now.what) : now);
  }

  /** Whether to give the batch at this place up. */
  boolean isGivenUp(int partition, long offset) {
    // Asked for every record, and nearly never anything has failed.
    if (byPartition.isEmpty()) {
      return false;
    }
    Failure failure = byPartition.get(partition);
    return failure != null && failure.offset == offset && failure.times >= ATTEMPTS;
  }

  /** What last went wrong in this partition. */
  String what(int partition) {
    Failure failure = byPartition.get(partition);
    return failure == null ? "" : failure.what;
  }
}
