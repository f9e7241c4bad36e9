package io.tailrace.aggregator.window;

/** Sums of one column of a batch by outcome, and of how many values; -1 is a value not known. */
final class ColumnSums {
  private final long most;
  private long[] sums = {};
  private int[] counts = {};

  /** Values above the most count as that. */
  ColumnSums(long most) {
    this.most = most;
  }

  /**
   * Adds up the values from one sample on and before another.
   *
   * @param samples how many samples each outcome has in there
   * @param met the outcomes that have any
   */
  void add(
      long[] column, int[] outcomes, int from, int to, int[] samples, int[] met, int metCount) {
    if (sums.length < samples.length) {
      sums = new long[samples.length];
      counts = new int[samples.length];
    }
    long[] sums = this.sums;
    for (int i = 0; i < metCount; i++) {
      sums[met[i]] = 0;
      counts[met[i]] = samples[met[i]];
    }
    // Tells in one pass without a branch that all are known and none too large, or that all are 0.
    long bits = 0;
    for (int i = from; i < to; i++) {
      bits |= column[i];
    }
    if (bits < 0 || bits > most) {
      addCarefully(column, outcomes, from, to);
    } else if (bits != 0) {
      for (int i = from; i < to; i++) {
        sums[outcomes[i]] += column[i];
      }
    }
  }

  private void addCarefully(long[] column, int[] outcomes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (column[i] >= 0) {
        sums[outcomes[i]] += Math.min(column[i], most);
      } else {
        counts[outcomes[i]]--;
      }
    }
  }

  long sum(int outcome) {
    return sums[outcome];
  }

  /** How many values were known. */
  int count(int outcome) {
    return counts[outcome];
  }
}
