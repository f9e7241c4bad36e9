package io.tailrace.sink.core.runner;

import java.time.Duration;

/**
 * How much a sink takes at once and how long it waits.
 *
 * @param batchItems most items in one attempt
 * @param batchBytes most bytes of records in one attempt; a larger single record still goes alone
 * @param flushInterval how long an item may wait for its batch to fill
 * @param parallelism most attempts under way at once, each of another partition
 * @param bufferBytes what one partition may hold in memory before its reading is paused
 * @param backoff how retries are spaced
 * @param misconfiguredPause how long before a misconfigured target is tried again
 * @param drainDeadline how long a stop may take to deliver what is already read
 */
public record Pace(
    int batchItems,
    int batchBytes,
    Duration flushInterval,
    int parallelism,
    long bufferBytes,
    Backoff backoff,
    Duration misconfiguredPause,
    Duration drainDeadline) {

  public static final Pace DEFAULT =
      new Pace(
          1_000,
          1 << 20,
          Duration.ofMillis(200),
          4,
          4L << 20,
          Backoff.DEFAULT,
          Duration.ofMinutes(1),
          Duration.ofSeconds(10));

  public Pace {
    if (batchItems < 1 || batchBytes < 1 || parallelism < 1 || bufferBytes < 1) {
      throw new IllegalArgumentException(
          "batchItems, batchBytes, parallelism and bufferBytes must be at least 1");
    }
  }
}
