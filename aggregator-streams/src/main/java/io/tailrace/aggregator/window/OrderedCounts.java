package io.tailrace.aggregator.window;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The buckets of one {@link ValueCounts} that hold anything, in ascending order: the form in which
 * statistics are taken and bytes are written, the same however the values came together.
 */
final class OrderedCounts {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int WORD_BITS = 6;
  private static final long BYTE = 0xFF;
  private static final long SEVEN_BITS = 0x7F;
  // Of a bucket in the state: three of the step to it, nine of its count.
  private static final int MOST_BUCKET_BYTES = 12;

  private final int[] indexes = new int[Buckets.COUNT];
  private final long[] counts = new long[Buckets.COUNT];
  private final double[] scratch = new double[Buckets.COUNT];
  private int size;

  // Raw values are scattered here and collected by the set bits: far cheaper than sorting them.
  private final int[] scattered = new int[Buckets.COUNT];
  private final long[] occupied = new long[Buckets.COUNT >>> WORD_BITS];

  // Statistics, frame and state are usually taken of the same counts one after another.
  private @Nullable ValueCounts source;
  private long sourceCount;

  boolean holds(ValueCounts counts) {
    return source == counts && sourceCount == counts.count();
  }

  void forget(ValueCounts counts) {
    if (source == counts) {
      source = null;
    }
  }

  void begin(ValueCounts counts) {
    source = counts;
    sourceCount = counts.count();
    size = 0;
  }

  void add(int index, long count) {
    indexes[size] = index;
    counts[size++] = count;
  }

  void addRaw(int[] values, int length) {
    int[] scattered = this.scattered;
    long[] occupied = this.occupied;
    int firstWord = occupied.length;
    int lastWord = -1;
    int[] indexes = this.indexes;
    long[] counts = this.counts;
    int size = this.size;
    for (int i = 0; i < length; i++) {
      int index = Buckets.indexOf(Integer.toUnsignedLong(values[i]));
      scattered[index]++;
      int word = index >>> WORD_BITS;
      occupied[word] |= 1L << index;
      firstWord = Math.min(firstWord, word);
      lastWord = Math.max(lastWord, word);
    }
    for (int word = firstWord; word <= lastWord; word++) {
      long bits = occupied[word];
      occupied[word] = 0;
      while (bits != 0) {
        int index = (word << WORD_BITS) + Long.numberOfTrailingZeros(bits);
        bits &= bits - 1;
        indexes[size] = index;
        counts[size++] = scattered[index];
        scattered[index] = 0;
      }
    }
    this.size = size;
  }

  /** Adds counts that are a byte each, the first of them of this bucket. */
  void addBytes(int first, byte[] page) {
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

  /** Room for a number for each bucket, for who goes over them twice. */
  double[] scratch() {
    return scratch;
  }

  int size() {
    return size;
  }

  int index(int i) {
    return indexes[i];
  }

  long count(int i) {
    return counts[i];
  }
}
