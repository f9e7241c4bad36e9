package io.tailrace.aggregator.run;

import java.util.concurrent.atomic.LongAdder;

/** What has been counted since the start of this process, across all its tasks. */
public record Counters(
    LongAdder batches,
    LongAdder samples,
    LongAdder lateSamples,
    LongAdder rejectedSamples,
    LongAdder duplicateBatches,
    LongAdder deadLetters,
    LongAdder ticks,
    LongAdder windows,
    LongAdder reopenedRuns,
    LongAdder overflowingRuns,
    LongAdder fenceTrips,
    LongAdder rereadRecords,
    LongAdder saves) {
  /** All zero. */
  public static Counters create() {
    return new Counters(
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder());
  }
}
