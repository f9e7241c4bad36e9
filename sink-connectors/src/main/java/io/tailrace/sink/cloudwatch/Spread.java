package io.tailrace.sink.cloudwatch;

import io.tailrace.histogram.HistogramFrame;
import java.util.Arrays;

/**
 * A histogram as values with counts: neighbours are merged while one value stands for all of them
 * within 1 %, so that counts are exact and any percentile, and the sum, are within 1 %.
 */
final class Spread {
  /** A little less than 1 %, so that rounding does not carry a value beyond it. */
  private static final double TOLERANCE = 0.009_999;

  /** The widest ratio at which a value between both ends is within the tolerance of each. */
  private static final double WIDEST = (1 + TOLERANCE) / (1 - TOLERANCE);

  private double[] values = new double[64];
  private double[] counts = new double[64];
  private int size;

  private long lowest;
  private long highest;
  private double weightedSum;
  private long count;

  private Spread() {}

  /** Values in microseconds, ascending. */
  static Spread of(byte[] framed) {
    Spread spread = new Spread();
    HistogramFrame.forEachCell(framed, spread::add);
    spread.flush();
    return spread;
  }

  private void add(long cellLowest, long cellHighest, long cellCount) {
    if (count > 0 && cellHighest > lowest * WIDEST) {
      flush();
    }
    if (count == 0) {
      lowest = cellLowest;
    }
    highest = cellHighest;
    count += cellCount;
    weightedSum += (cellLowest + cellHighest) / 2.0 * cellCount;
  }

  private void flush() {
    if (count == 0) {
      return;
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    double mean = weightedSum / count;
    // The mean keeps the sum; the bounds keep every value it stands for within the tolerance.
    values[size] = Math.max(highest * (1 - TOLERANCE), Math.min(lowest * (1 + TOLERANCE), mean));
    counts[size] = (double) count;
    size++;
    count = 0;
    weightedSum = 0;
  }

  int size() {
    return size;
  }

  double[] values(int from, int to, double factor) {
    double[] part = Arrays.copyOfRange(values, from, to);
    for (int i = 0; i < part.length; i++) {
      part[i] *= factor;
    }
    return part;
  }

  double[] counts(int from, int to) {
    return Arrays.copyOfRange(counts, from, to);
  }
}
