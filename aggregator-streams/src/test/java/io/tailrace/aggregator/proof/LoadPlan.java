package io.tailrace.aggregator.proof;

import io.tailrace.record.RunMode;
import java.time.Duration;

/**
 * What a fleet publishes.
 *
 * @param runs how many runs at once
 * @param nodes nodes of each run; the last one joins 5 s late, unexpected, with 3 s of history
 * @param slowNodes how many of them publish everything 3 s late
 * @param series series of each run
 * @param samplesPerBatch requests of one node in 100 ms
 * @param duration how long each run is, in event time
 * @param lateBy by how much one in a thousand samples breaks its node's promise; zero: none does
 * @param duplicatePercent how many batches are published twice
 * @param clockAhead by how much the second node's clock is ahead; its times have to be corrected
 */
record LoadPlan(
    int runs,
    int nodes,
    int slowNodes,
    int series,
    int samplesPerBatch,
    Duration duration,
    RunMode mode,
    Duration lateBy,
    int duplicatePercent,
    Duration clockAhead,
    long seed) {
  static final Duration BATCH = Duration.ofMillis(100);
  static final Duration SLOWNESS = Duration.ofSeconds(3);
  static final Duration JOINS_LATE = Duration.ofSeconds(5);
  static final Duration HISTORY = Duration.ofSeconds(3);

  /** Whether this node's clock is wrong. */
  boolean isAhead(int node) {
    return node == 1 && !clockAhead.isZero();
  }

  int batchesPerNode() {
    return (int) (duration.toMillis() / BATCH.toMillis());
  }

  long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
