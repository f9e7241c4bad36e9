package io.tailrace.aggregator.window;

import io.tailrace.record.Distribution;

/** Takes all statistics of one histogram in one pass over its buckets. */
final class Statistics {
  private static final double[] PERCENTS = {50, 75, 90, 95, 99, 99.9};
  private static final long STEPS_OF_A_PERCENT = 1000;
  private static final long STEPS = 100 * STEPS_OF_A_PERCENT;

  private Statistics() {}

  /**
   * Least, greatest and mean are exact. A percentile is the upper end of the bucket in which its
   * nearest rank falls, as HdrHistogram has it, but never above the greatest value. The deviation
   * is that of the buckets' middles, summed in ascending order so that it is the same every time.
   */
  static Distribution of(OrderedCounts ordered) {
    long count = ordered.count();
    long[] percentiles = new long[PERCENTS.length];
    int wanted = 0;
    // Made once for each percentile and not for each bucket: it takes two divisions.
    long next = rank(count, PERCENTS[0]);
    long upTo = 0;
    // Distances from something near the mean of the middles, so that one pass is enough and their
    // squares lose nothing.
    double near = ordered.meanMicros();
    double distances = 0;
    double squares = 0;
    for (int i = 0; i < ordered.buckets(); i++) {
      int index = ordered.index(i);
      long here = ordered.count(i);
      double distance = Buckets.middleOf(index) - near;
      distances += here * distance;
      squares += here * distance * distance;
      upTo += here;
      while (upTo >= next) {
        percentiles[wanted++] = Math.min(Buckets.highestIn(index), ordered.maxMicros());
        next = wanted < PERCENTS.length ? rank(count, PERCENTS[wanted]) : Long.MAX_VALUE;
      }
    }
    return new Distribution(
        ordered.minMicros(),
        near,
        ordered.maxMicros(),
        ordered.buckets() == 1 ? 0 : deviation(squares / count, distances / count),
        percentiles[0],
        percentiles[1],
        percentiles[2],
        percentiles[3],
        percentiles[4],
        percentiles[5]);
  }

  private static double deviation(double meanSquare, double meanDistance) {
    return Math.sqrt(Math.max(0, meanSquare - meanDistance * meanDistance));
  }

  static long percentile(OrderedCounts ordered, double percent) {
    long rank = rank(ordered.count(), percent);
    long upTo = 0;
    int i = 0;
    while ((upTo += ordered.count(i)) < rank) {
      i++;
    }
    return Math.min(Buckets.highestIn(ordered.index(i)), ordered.maxMicros());
  }

  /**
   * The nearest rank: the least one with at least that share of the values at or below it. In whole
   * steps of a thousandth of a percent, since 99.9 in binary is a little more than 99.9.
   */
  private static long rank(long count, double percent) {
    long steps = Math.max(0, Math.min(STEPS, Math.round(percent * STEPS_OF_A_PERCENT)));
    return Math.max(1, count / STEPS * steps + (count % STEPS * steps + STEPS - 1) / STEPS);
  }
}
