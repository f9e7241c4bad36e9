package io.tailrace.aggregator.window;

import org.jspecify.annotations.Nullable;

/**
 * Where counts are put in order, and the latest ones that were: statistics, histograms and state
 * are usually taken of the same counts one after another.
 */
final class Workbench {
  // Two statuses have six at most: prompt requests, and late ones from two moments.
  private static final int LATEST = 8;
  private static final int WORD_BITS = 6;
  static final int AT_ONCE = 8;

  private final HistogramBytes histogramBytes = new HistogramBytes();

  private final OrderedCounts[] latest = new OrderedCounts[LATEST];
  private final @Nullable ValueCounts[] sources = new @Nullable ValueCounts[LATEST];
  private final long[] askedFor = new long[LATEST];
  private long asked;

  // Raw values are scattered here and collected by the set bits: far cheaper than sorting them.
  private final int[] scattered = new int[Buckets.COUNT];
  private final long[] occupied = new long[Buckets.COUNT >>> WORD_BITS];

  Workbench() {
    for (int i = 0; i < LATEST; i++) {
      latest[i] = new OrderedCounts(this);
    }
  }

  /** These counts in order, until some others have been asked for. */
  OrderedCounts ordered(ValueCounts counts) {
    int oldest = 0;
    for (int i = 0; i < LATEST; i++) {
      // Counts only ever grow until they are forgotten.
      if (sources[i] == counts && latest[i].count() == counts.count()) {
        askedFor[i] = ++asked;
        return latest[i];
      }
      if (askedFor[i] < askedFor[oldest]) {
        oldest = i;
      }
    }
    sources[oldest] = counts;
    askedFor[oldest] = ++asked;
    counts.putInOrder(latest[oldest]);
    return latest[oldest];
  }

  /** Says that these counts are emptied. */
  void forget(ValueCounts counts) {
    for (int i = 0; i < LATEST; i++) {
      if (sources[i] == counts) {
        sources[i] = null;
      }
    }
  }

  /**
   * Adds the buckets of values that are in no order behind those that are there; both arrays have
   * room for {@link #AT_ONCE} more than there are values.
   *
   * @return how many there are then
   */
  int order(int[] values, int length, int[] indexes, long[] counts, int size) {
    int[] scattered = this.scattered;
    long[] occupied = this.occupied;
    int firstWord = occupied.length;
    int lastWord = -1;
    for (int i = 0; i < length; i++) {
      int index = Buckets.indexOf(Integer.toUnsignedLong(values[i]));
      scattered[index]++;
      int word = index >>> WORD_BITS;
      occupied[word] |= 1L << index;
      firstWord = Math.min(firstWord, word);
      lastWord = Math.max(lastWord, word);
    }
    int end = size;
    for (int word = firstWord; word <= lastWord; word++) {
      end = unpack(occupied[word], word << WORD_BITS, indexes, end);
      occupied[word] = 0;
    }
    for (int i = size; i < end; i++) {
      int index = indexes[i];
      counts[i] = scattered[index];
      scattered[index] = 0;
    }
    return end;
  }

  /**
   * Writes which bits are set. How many no processor can guess, so that eight are written all the
   * same and only what comes next depends on it.
   */
  private static int unpack(long bits, int first, int[] into, int at) {
    long rest = bits;
    for (int i = 0; i < AT_ONCE; i++) {
      into[at + i] = first + Long.numberOfTrailingZeros(rest);
      rest &= rest - 1;
    }
    int end = at + Long.bitCount(bits);
    for (int i = at + AT_ONCE; i < end; i++) {
      into[i] = first + Long.numberOfTrailingZeros(rest);
      rest &= rest - 1;
    }
    return end;
  }

  HistogramBytes histogramBytes() {
    return histogramBytes;
  }
}
