package io.tailrace.histogram;

import static io.tailrace.wire.WireFault.BAD_HISTOGRAM;

import io.tailrace.wire.WireException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The counts of HdrHistogram's V2 encoding: ZigZag LEB128, a negative number being a run of zeros.
 *
 * @see <a
 *     href="https://github.com/HdrHistogram/HdrHistogram/blob/master/src/main/java/org/HdrHistogram/AbstractHistogram.java">HdrHistogram's
 *     fillCountsArrayFromSourceBuffer and valueFromIndex</a>
 */
final class V2Cells {
  private static final int DIGITS_AT = 12;
  private static final int LOWEST_AT = 16;
  // As HdrHistogram: the ninth byte is whole.
  private static final int LONGEST_COUNT = 9;

  private final ByteBuffer v2;
  private final int unitBits;
  private final int halfBucketBits;

  V2Cells(ByteBuffer v2) {
    this.v2 = v2;
    long lowest = v2.getLong(LOWEST_AT);
    if (lowest < 1) {
      throw new WireException(BAD_HISTOGRAM, "a lowest value of " + lowest);
    }
    unitBits = 63 - Long.numberOfLeadingZeros(lowest);
    long singleUnits = 2 * (long) Math.pow(10, v2.getInt(DIGITS_AT));
    halfBucketBits = 63 - Long.numberOfLeadingZeros(singleUnits - 1);
  }

  /** Returns the sum of all counts. */
  long visit(CellVisitor visitor) {
    v2.position(HistogramFrame.V2_HEADER_BYTES);
    long total = 0;
    long index = 0;
    while (v2.hasRemaining()) {
      long next = nextZigZag();
      if (next < 0) {
        index -= next;
      } else if (next > 0) {
        visit(index++, next, visitor);
        total += next;
      } else {
        index++;
      }
      if (index < 0 || index > Integer.MAX_VALUE || total < 0) {
        throw new WireException(BAD_HISTOGRAM, "counts that no histogram holds");
      }
    }
    return total;
  }

  private void visit(long index, long count, CellVisitor visitor) {
    long doublings = Math.max((index >> halfBucketBits) - 1, 0);
    long shift = doublings + unitBits;
    if (shift + halfBucketBits + 1 >= 63) {
      throw new WireException(BAD_HISTOGRAM, "a count for values beyond 2^62");
    }
    long lowest = (index - (doublings << halfBucketBits)) << shift;
    visitor.cell(lowest, lowest + (1L << shift) - 1, count);
  }

  private long nextZigZag() {
    try {
      long value = 0;
      for (int i = 0; i < LONGEST_COUNT; i++) {
        byte next = v2.get();
        if (i == LONGEST_COUNT - 1) {
          value |= (long) next << 56;
        } else {
          value |= (next & 0x7FL) << (7 * i);
          if (next >= 0) {
            break;
          }
        }
      }
      return (value >>> 1) ^ -(value & 1);
    } catch (BufferUnderflowException e) {
      throw new WireException(BAD_HISTOGRAM, "ends in the middle of a count", e);
    }
  }
}
