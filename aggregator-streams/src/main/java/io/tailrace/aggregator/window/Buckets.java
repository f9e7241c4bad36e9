package io.tailrace.aggregator.window;

/**
 * The index arithmetic of HdrHistogram for three significant digits from 1 microsecond to 1 hour.
 *
 * <p>A half bucket of 1,024 indexes is a page: each page doubles the width of its buckets, which
 * stays below a thousandth of the values in them.
 */
final class Buckets {
  static final long LOWEST = 1;
  static final long HIGHEST = 3_600_000_000L;
  static final int SIGNIFICANT_DIGITS = 3;

  static final int PAGE_BITS = 10;
  static final int PAGE_SIZE = 1 << PAGE_BITS;
  static final int PAGE_MASK = PAGE_SIZE - 1;

  private static final int FULL_BUCKET_MASK = 2 * PAGE_SIZE - 1;
  private static final int LEADING_ZEROS_BASE = Long.numberOfLeadingZeros(FULL_BUCKET_MASK);

  static final int PAGES = (indexOf(HIGHEST) >>> PAGE_BITS) + 1;
  static final int COUNT = PAGES * PAGE_SIZE;

  private Buckets() {}

  /** The bucket of a value between 0 and 2^32 - 1. */
  static int indexOf(long value) {
    int doublings = LEADING_ZEROS_BASE - Long.numberOfLeadingZeros(value | FULL_BUCKET_MASK);
    return (doublings << PAGE_BITS) + (int) (value >>> doublings);
  }

  static long lowestIn(int index) {
    int doublings = doublings(index);
    return (long) (index - (doublings << PAGE_BITS)) << doublings;
  }

  static long highestIn(int index) {
    return lowestIn(index) + (1L << doublings(index)) - 1;
  }

  /** What stands for all values of a bucket in a mean or a deviation. */
  static long middleOf(int index) {
    return lowestIn(index) + ((1L << doublings(index)) >> 1);
  }

  private static int doublings(int index) {
    return Math.max((index >>> PAGE_BITS) - 1, 0);
  }
}
