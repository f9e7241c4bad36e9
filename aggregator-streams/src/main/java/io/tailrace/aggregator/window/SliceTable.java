package io.tailrace.aggregator.window;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers found by a slice of bytes, without copying or decoding it; takes no more entries than its
 * limit.
 */
final class SliceTable {
  static final int ABSENT = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final int limit;
  private byte[] @Nullable [] keys = new byte[64][];
  private int[] numbers = new int[64];
  private int size;

  SliceTable(int limit) {
    this.limit = limit;
  }

  int get(byte[] bytes, int offset, int length) {
    int mask = keys.length - 1;
    for (int at = hash(bytes, offset, length) & mask; ; at = (at + 1) & mask) {
      byte[] key = keys[at];
      if (key == null) {
        return ABSENT;
      }
      if (key.length == length && Arrays.equals(key, 0, length, bytes, offset, offset + length)) {
        return numbers[at];
      }
    }
  }

  /** Remembers a slice that is not there yet, as long as there is room. */
  void put(byte[] bytes, int offset, int length, int number) {
    if (size >= limit) {
      return;
    }
    if (size * 2 >= keys.length) {
      grow();
    }
    insert(Arrays.copyOfRange(bytes, offset, offset + length), number);
    size++;
  }

  private void insert(byte[] key, int number) {
    int mask = keys.length - 1;
    int at = hash(key, 0, key.length) & mask;
    while (keys[at] != null) {
      at = (at + 1) & mask;
    }
    keys[at] = key;
    numbers[at] = number;
  }

  private void grow() {
    byte[] @Nullable [] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new byte[oldKeys.length * 2][];
    numbers = new int[oldNumbers.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      byte[] key = oldKeys[i];
      if (key != null) {
        insert(key, oldNumbers[i]);
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
