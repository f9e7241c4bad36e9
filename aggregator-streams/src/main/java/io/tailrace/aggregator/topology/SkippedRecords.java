package io.tailrace.aggregator.topology;

/** Looks whether there are records where offsets are missing from the input. */
public interface SkippedRecords {
  /** Whether a record of the partition has an offset in this range. */
  boolean existBetween(String topic, int partition, long fromInclusive, long toExclusive);
}
