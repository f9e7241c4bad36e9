package io.tailrace.histogram;

import static io.tailrace.wire.WireFault.BAD_HISTOGRAM;

import io.tailrace.wire.WireException;
import java.nio.ByteBuffer;

/**
 * The counts of a framed histogram that are not zero, in ascending order of values: read from
 * HdrHistogram's V2 encoding (ZigZag LEB128, a negative number being a run of zeros) into arrays
 * that the next one uses again. Not thread-safe.
 *
 * @see <a
 *     href="https://github.com/HdrHistogram/HdrHistogram/blob/master/src/main/java/org/HdrHistogram/AbstractHistogram.java">HdrHistogram's
 *     fillCountsArrayFromSourceBuffer and valueFromIndex</a>
 */
public final class HistogramCells {
  private static final int DIGITS_AT = 12;
  private static final int LOWEST_AT = 16;
  // As HdrHistogram: the ninth byte is whole.
  private static final int LONGEST_COUNT = 9;
  // Most histograms stay far below what is too much.
  private static final int MOST_BITS = 30;
  private static final int USUAL_HALF_BUCKET_BITS = 10;

  private int[] indices = new int[256];
  private long[] counts = new long[256];
  private int size;
  private long total;
  private int unitBits;
  private int halfBucketBits = USUAL_HALF_BUCKET_BITS;
  private int position;

  /** Takes what is in a frame instead of what was there; after an exception there is nothing. */
  public void read(ByteBuffer frame) {
    if (frame.hasArray()) {
      int from = frame.arrayOffset() + frame.position();
      read(frame.array(), from, from + frame.remaining());
    } else {
      byte[] bytes = new byte[frame.remaining()];
      frame.get(frame.position(), bytes);
      read(bytes, 0, bytes.length);
    }
  }

  /** The same of a part of an array. */
  public void read(byte[] bytes, int from, int to) {
    size = 0;
    total = 0;
    ByteBuffer v2 = HistogramFrame.open(bytes, from, to);
    long lowest = v2.getLong(LOWEST_AT);
    if (lowest < 1) {
      throw new WireException(BAD_HISTOGRAM, "a lowest value of " + lowest);
    }
    unitBits = 63 - Long.numberOfLeadingZeros(lowest);
    long singleUnits = 2 * (long) Math.pow(10, v2.getInt(DIGITS_AT));
    halfBucketBits = 63 - Long.numberOfLeadingZeros(singleUnits - 1);
    int cells = 0;
    try {
      cells =
          readCells(bytes, from + HistogramFrame.HEADER_BYTES + HistogramFrame.V2_HEADER_BYTES, to);
      HistogramFrame.requireCount(bytes, from, total);
    } catch (WireException e) {
      total = 0;
      throw e;
    }
    size = cells;
  }

  private int readCells(byte[] bytes, int from, int to) {
    int at = from;
    // Bounded by the number of bytes, each of which is one count at most.
    if (indices.length < to - from) {
      indices = new int[to - from];
      counts = new long[to - from];
    }
    int[] places = indices;
    long[] numbers = counts;
    int cells = 0;
    long index = 0;
    long sum = 0;
    while (at < to) {
      long raw = bytes[at];
      if (raw >= 0) {
        at++;
      } else {
        position = at;
        raw = longer(bytes, to);
        at = position;
      }
      if ((raw & 1) != 0) {
        index += (raw >>> 1) + 1;
      } else if (raw != 0) {
        numbers[cells] = raw >>> 1;
        places[cells] = (int) index;
        cells++;
        index++;
        sum += raw >>> 1;
      } else {
        index++;
      }
      if ((index | sum) >>> MOST_BITS != 0) {
        requireSome(index, sum);
      }
    }
    if (cells > 0 && doublings(places[cells - 1]) + unitBits + halfBucketBits + 1 >= 63) {
      throw new WireException(BAD_HISTOGRAM, "a count for values beyond 2^62");
    }
    total = sum;
    return cells;
  }

  private static void requireSome(long index, long sum) {
    if (index < 0 || index > Integer.MAX_VALUE || sum < 0) {
      throw new WireException(BAD_HISTOGRAM, "counts that no histogram holds");
    }
  }

  /** A number of more than seven bits, not unfolded yet. */
  private long longer(byte[] bytes, int to) {
    long value = 0;
    for (int i = 0; i < LONGEST_COUNT; i++) {
      if (position == to) {
        throw new WireException(BAD_HISTOGRAM, "ends in the middle of a count");
      }
      byte next = bytes[position++];
      if (i == LONGEST_COUNT - 1) {
        value |= (long) next << 56;
      } else {
        value |= (next & 0x7FL) << (7 * i);
        if (next >= 0) {
          break;
        }
      }
    }
    return value;
  }

  /** How many cells there are; they are numbered from 0. */
  public int size() {
    return size;
  }

  /** The sum of all counts. */
  public long total() {
    return total;
  }

  public long count(int cell) {
    return counts[cell];
  }

  /** The cell's place in a histogram of its kind: ascending with the values, which it decides. */
  public int index(int cell) {
    return indices[cell];
  }

  /** Whether it is of the kind that Tailrace writes: three digits, from one on. */
  public boolean isUsual() {
    return unitBits == 0 && halfBucketBits == USUAL_HALF_BUCKET_BITS;
  }

  /** The smallest value that is counted in the cell. */
  public long lowest(int cell) {
    return lowestAt(indices[cell], unitBits, halfBucketBits);
  }

  /** The largest value that is counted in the cell. */
  public long highest(int cell) {
    return lowest(cell) + (1L << (doublings(indices[cell]) + unitBits)) - 1;
  }

  /** The middle of the values that are counted in the cell. */
  public double middle(int cell) {
    return (lowest(cell) + highest(cell)) / 2.0;
  }

  /** The middle of the values that the usual kind counts at a place. */
  public static double usualMiddle(int index) {
    long width = 1L << Math.max((index >> USUAL_HALF_BUCKET_BITS) - 1, 0);
    return lowestAt(index, 0, USUAL_HALF_BUCKET_BITS) + (width - 1) / 2.0;
  }

  private long doublings(long index) {
    return Math.max((index >> halfBucketBits) - 1, 0);
  }

  private static long lowestAt(long index, int unitBits, int halfBucketBits) {
    long doublings = Math.max((index >> halfBucketBits) - 1, 0);
    return (index - (doublings << halfBucketBits)) << (doublings + unitBits);
  }
}
