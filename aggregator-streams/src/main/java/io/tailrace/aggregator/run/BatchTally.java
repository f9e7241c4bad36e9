package io.tailrace.aggregator.run;

/**
 * What one task has counted since its last commit. The counters of the process are shared, and
 * adding to them for every record of one sample would take longer than recording it.
 */
final class BatchTally {
  private final Counters counters;
  private long batches;
  private long samples;
  private long late;
  private long rejected;

  BatchTally(Counters counters) {
    this.counters = counters;
  }

  void count(long samples, long late, long rejected) {
    batches++;
    this.samples += samples;
    this.late += late;
    this.rejected += rejected;
  }

  /** Adds all of it to the counters. */
  void handOver() {
    counters.batches().add(batches);
    counters.samples().add(samples);
    counters.lateSamples().add(late);
    counters.rejectedSamples().add(rejected);
    batches = 0;
    samples = 0;
    late = 0;
    rejected = 0;
  }
}
