package io.tailrace.aggregator.window;

import io.tailrace.record.Distribution;

/** Takes all statistics of one histogram in one pass over its buckets. */
final class Statistics {
  private static final int[] THOUSANDTHS = {500, 750, 900, 950, 990, 999};

  private Statistics() {}

  /**
   * Least, greatest and mean are exact. A percentile is the upper end of the bucket in which its
   * nearest rank falls, as HdrHistogram has it, but never above the greatest value. The deviation
   * is that of the buckets' middles, summed in ascending order so that it is the same every time.
   */
  static Distribution of(ValueCounts values, OrderedCounts ordered) {
    long count = values.count();
    long[] percentiles = new long[THOUSANDTHS.length];
    int wanted = 0;
    long upTo = 0;
    double middleSum = 0;
    for (int i = 0; i < ordered.size(); i++) {
      int index = ordered.index(i);
      upTo += ordered.count(i);
      middleSum += (double) ordered.count(i) * Buckets.middleOf(index);
      while (wanted < THOUSANDTHS.length && upTo >= rank(count, THOUSANDTHS[wanted])) {
        percentiles[wanted++] = Math.min(Buckets.highestIn(index), values.max());
      }
    }
    return new Distribution(
        values.min(),
        (double) values.sum() / count,
        values.max(),
        deviation(ordered, middleSum / count, count),
        percentiles[0],
        percentiles[1],
        percentiles[2],
        percentiles[3],
        percentiles[4],
        percentiles[5]);
  }

  private static double deviation(OrderedCounts ordered, double mean, long count) {
    if (ordered.size() == 1) {
      return 0;
    }
    double squares = 0;
    for (int i = 0; i < ordered.size(); i++) {
      double distance = Buckets.middleOf(ordered.index(i)) - mean;
      squares += distance * distance * ordered.count(i);
    }
    return Math.sqrt(squares / count);
  }

  /** The nearest rank: the least one with at least that share of the values at or below it. */
  private static long rank(long count, int thousandths) {
    return count / 1000 * thousandths + (count % 1000 * thousandths + 999) / 1000;
  }
}
