package io.tailrace.aggregator.window;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Numbers found by a slice of bytes, without copying or decoding it; takes no more entries than its
 * limit.
 */
final class SliceTable {
  static final int ABSENT = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  // Names of a megabyte are found again by decoding them, and take no room here.
  private static final int MOST_BYTES = 16 << 20;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final int limit;
  // One array of all keys, one after another, and their places in numbers: an object for each key
  // would be another place in memory to wait for. A length of 0 is a free slot.
  private byte[] keys = new byte[1024];
  private int[] offsets = new int[64];
  private int[] lengths = new int[64];
  private int[] numbers = new int[64];
  private int keyBytes;
  private int size;

  SliceTable(int limit) {
    this.limit = limit;
  }

  int get(byte[] bytes, int offset, int length) {
    int mask = lengths.length - 1;
    for (int at = hash(bytes, offset, length) & mask; lengths[at] != 0; at = (at + 1) & mask) {
      int key = offsets[at];
      if (lengths[at] == length
          && Arrays.equals(keys, key, key + length, bytes, offset, offset + length)) {
        return numbers[at];
      }
    }
    return ABSENT;
  }

  /** Remembers a slice that is not there yet, as long as there is room; never an empty one. */
  void put(byte[] bytes, int offset, int length, int number) {
    if (size >= limit || length == 0 || length > MOST_BYTES - keyBytes) {
      return;
    }
    if (size * 2 >= lengths.length) {
      grow();
    }
    if (keys.length - keyBytes < length) {
      keys = Arrays.copyOf(keys, Math.max(keys.length * 2, keyBytes + length));
    }
    System.arraycopy(bytes, offset, keys, keyBytes, length);
    insert(keyBytes, length, number);
    keyBytes += length;
    size++;
  }

  private void insert(int key, int length, int number) {
    int mask = lengths.length - 1;
    int at = hash(keys, key, length) & mask;
    while (lengths[at] != 0) {
      at = (at + 1) & mask;
    }
    offsets[at] = key;
    lengths[at] = length;
    numbers[at] = number;
  }

  private void grow() {
    int[] oldOffsets = offsets;
    int[] oldLengths = lengths;
    int[] oldNumbers = numbers;
    offsets = new int[oldOffsets.length * 2];
    lengths = new int[oldOffsets.length * 2];
    numbers = new int[oldOffsets.length * 2];
    for (int i = 0; i < oldLengths.length; i++) {
      if (oldLengths[i] != 0) {
        insert(oldOffsets[i], oldLengths[i], oldNumbers[i]);
      }
    }
  }

  /** Eight bytes at a step: names are long enough for that to matter. */
  private static int hash(byte[] bytes, int offset, int length) {
    long hash = length;
    int at = offset;
    int end = offset + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(bytes, at)) * SPREAD;
      hash ^= hash >>> 29;
    }
    for (; at < end; at++) {
      hash = (hash ^ bytes[at]) * SPREAD;
    }
    hash ^= hash >>> 32;
    return (int) (hash ^ (hash >>> 15));
  }
}
