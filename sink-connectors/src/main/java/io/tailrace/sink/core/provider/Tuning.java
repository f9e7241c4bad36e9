package io.tailrace.sink.core.provider;

import java.time.Duration;

/**
 * What suits a target when the configuration does not say.
 *
 * @param batchSize most items in one attempt
 * @param batchSizeKey what users call that, such as batch_size or bulk_size
 * @param batchBytes most bytes of records in one attempt
 * @param flushInterval how long an item may wait for its batch to fill
 * @param parallelism most attempts under way at once, each of another partition
 */
public record Tuning(
    int batchSize, String batchSizeKey, long batchBytes, Duration flushInterval, int parallelism) {
  public static final Tuning DEFAULT =
      new Tuning(1_000, "batch_size", 1 << 20, Duration.ofMillis(200), 4);

  public Tuning withBatchSize(int size) {
    return new Tuning(size, batchSizeKey, batchBytes, flushInterval, parallelism);
  }

  public Tuning withBatchSizeKey(String key) {
    return new Tuning(batchSize, key, batchBytes, flushInterval, parallelism);
  }

  public Tuning withFlushInterval(Duration interval) {
    return new Tuning(batchSize, batchSizeKey, batchBytes, interval, parallelism);
  }

  public Tuning withParallelism(int attempts) {
    return new Tuning(batchSize, batchSizeKey, batchBytes, flushInterval, attempts);
  }
}
