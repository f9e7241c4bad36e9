package io.tailrace.aggregator.window;

import io.tailrace.record.Distribution;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often values occurred, as the buckets that hold any, in ascending order: the form in which
 * statistics are taken and bytes are written, the same however the values came together.
 */
final class OrderedCounts {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int FEW = 1024;
  private static final long BYTE = 0xFF;
  private static final long SEVEN_BITS = 0x7F;
  // Of a bucket in the state: three of the step to it, nine of its count.
  private static final int MOST_BUCKET_BYTES = 12;

  private final Workbench workbench;
  private int[] indexes = new int[FEW];
  private long[] counts = new long[FEW];
  private int size;

  private long count;
  private long sum;
  private long min;
  private long max;

  OrderedCounts(Workbench workbench) {
    this.workbench = workbench;
  }

  /** Starts anew with what the values come to; their buckets are added in ascending order. */
  void begin(long count, long sum, long min, long max) {
    this.count = count;
    this.sum = sum;
    this.min = min;
    this.max = max;
    size = 0;
  }

  void add(int index, long count) {
    makeRoom(1);
    indexes[size] = index;
    counts[size++] = count;
  }

  void addRaw(int[] values, int length) {
    makeRoom(length + Workbench.AT_ONCE);
    size = workbench.order(values, length, indexes, counts, size);
  }

  /** Adds counts that are a byte each, the first of them of this bucket. */
  void addBytes(int first, byte[] page) {
    makeRoom(page.length);
    int[] indexes = this.indexes;
    long[] counts = this.counts;
    int size = this.size;
    for (int eight = 0; eight < page.length; eight += Long.BYTES) {
      // Most are zero: only those that are not are looked at.
      long rest = (long) EIGHT.get(page, eight);
      while (rest != 0) {
        int at = Long.numberOfTrailingZeros(rest) & ~(Byte.SIZE - 1);
        indexes[size] = first + eight + (at >>> 3);
        counts[size++] = (rest >>> at) & BYTE;
        rest &= ~(BYTE << at);
      }
    }
    this.size = size;
  }

  /** Becomes the sum of two others. */
  void setToSum(OrderedCounts one, OrderedCounts other) {
    begin(
        one.count + other.count,
        one.sum + other.sum,
        Math.min(one.min, other.min),
        Math.max(one.max, other.max));
    makeRoom(one.size + other.size);
    if (one.size >= other.size) {
      merge(one, other);
    } else {
      merge(other, one);
    }
  }

  /** Goes from each bucket of the one with few to the next, and copies what is in between. */
  private void merge(OrderedCounts many, OrderedCounts few) {
    int[] indexes = this.indexes;
    long[] counts = this.counts;
    int[] manyIndexes = many.indexes;
    long[] manyCounts = many.counts;
    int to = 0;
    int from = 0;
    int end = many.size;
    for (int i = 0; i < few.size; i++) {
      int index = few.indexes[i];
      while (from < end && manyIndexes[from] < index) {
        indexes[to] = manyIndexes[from];
        counts[to++] = manyCounts[from++];
      }
      long here = few.counts[i];
      if (from < end && manyIndexes[from] == index) {
        here += manyCounts[from++];
      }
      indexes[to] = index;
      counts[to++] = here;
    }
    System.arraycopy(manyIndexes, from, indexes, to, end - from);
    System.arraycopy(manyCounts, from, counts, to, end - from);
    size = to + end - from;
  }

  private void makeRoom(int more) {
    if (size + more > indexes.length) {
      int length = Math.max(size + more, indexes.length * 2);
      indexes = Arrays.copyOf(indexes, length);
      counts = Arrays.copyOf(counts, length);
    }
  }

  /**
   * Writes how many there are, and of each the step from the one before with a lowest bit that says
   * whether a count follows: most buckets of a short window hold one value.
   */
  void writeTo(ByteWriter state) {
    state.writeUnsigned(size);
    byte[] into = state.room(size * MOST_BUCKET_BYTES);
    int at = state.size();
    int before = 0;
    for (int i = 0; i < size; i++) {
      long count = counts[i];
      int follows = count == 1 ? 0 : 1;
      long step = (long) (indexes[i] - before) << 1 | follows;
      if (((step | count) & ~SEVEN_BITS) == 0) {
        // Whether a count follows no processor can guess, so that its byte is written all the same
        // and only what comes next depends on it.
        into[at] = (byte) step;
        into[at + 1] = (byte) count;
        at += 1 + follows;
      } else {
        at = ByteWriter.putUnsigned(step, into, at);
        at = follows == 0 ? at : ByteWriter.putUnsigned(count, into, at);
      }
      before = indexes[i];
    }
    state.advanceTo(at);
  }

  /** The histogram as records carry it: see {@code HistogramFrame}. */
  byte[] frame() {
    HistogramBytes bytes = workbench.histogramBytes();
    int length = bytes.write(this);
    return Arrays.copyOf(bytes.array(), length);
  }

  /** Writes {@link #frame} as Avro writes bytes: behind their length. */
  void writeFrame(ByteWriter into) {
    HistogramBytes bytes = workbench.histogramBytes();
    int length = bytes.write(this);
    into.writeLong(length);
    into.writeRaw(bytes.array(), 0, length);
  }

  /** The statistics, or null without values. */
  @Nullable Distribution distribution() {
    return count == 0 ? null : Statistics.of(this);
  }

  /** The nearest rank of a percentage with up to three decimals; 0 without values. */
  long percentileMicros(double percent) {
    return count == 0 ? 0 : Statistics.percentile(this, percent);
  }

  long count() {
    return count;
  }

  /** The exact sum of all values, after clamping. */
  long sum() {
    return sum;
  }

  /** The smallest value; 0 without values. */
  long minMicros() {
    return count == 0 ? 0 : min;
  }

  /** The exact mean; 0 without values. */
  double meanMicros() {
    return count == 0 ? 0 : (double) sum / count;
  }

  /** The largest value; 0 without values. */
  long maxMicros() {
    return max;
  }

  int buckets() {
    return size;
  }

  int index(int i) {
    return indexes[i];
  }

  long count(int i) {
    return counts[i];
  }
}
