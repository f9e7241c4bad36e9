package io.tailrace.aggregator.window;

/** Sums of one column of a batch by outcome, and of how many values; -1 is a value not known. */
final class ColumnSums {
  private final long most;
  private long[] sums = {};
  private int[] unknown = {};
  private boolean hasSums;
  private boolean hasUnknown;

  /** Values above the most count as that. */
  ColumnSums(long most) {
    this.most = most;
  }

  /**
   * Adds up the values from one sample on and before another.
   *
   * @param met the outcomes that have any samples in there, which are below so many
   */
  void add(long[] column, int[] outcomes, int from, int to, int[] met, int metCount, int below) {
    // Tells in one pass without a branch that all are known and none too large, or that all are 0.
    long bits = 0;
    for (int i = from; i < to; i++) {
      bits |= column[i];
    }
    hasSums = bits != 0;
    hasUnknown = bits < 0;
    if (!hasSums) {
      return;
    }
    clear(met, metCount, below);
    if (hasUnknown || bits > most) {
      addCarefully(column, outcomes, from, to);
      return;
    }
    long[] sums = this.sums;
    for (int i = from; i < to; i++) {
      sums[outcomes[i]] += column[i];
    }
  }

  private void clear(int[] met, int metCount, int below) {
    if (sums.length < below) {
      sums = new long[below];
      unknown = new int[below];
    }
    for (int i = 0; i < metCount; i++) {
      sums[met[i]] = 0;
      unknown[met[i]] = 0;
    }
  }

  private void addCarefully(long[] column, int[] outcomes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (column[i] >= 0) {
        sums[outcomes[i]] += Math.min(column[i], most);
      } else {
        unknown[outcomes[i]]++;
      }
    }
  }

  /** Adds the sum of an outcome to a place, and how many values were not known to the next one. */
  void addTo(long[] totals, int at, int outcome) {
    if (hasSums) {
      totals[at] += sums[outcome];
    }
    if (hasUnknown) {
      totals[at + 1] += unknown[outcome];
    }
  }
}
