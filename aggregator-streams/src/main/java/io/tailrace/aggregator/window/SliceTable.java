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
  // Of each slot the hash, where its key is, how long that is, and the number: one place in memory
  // to wait for, and another for the key. A length of 0 is a free slot.
  private static final int HASH = 0;
  private static final int OFFSET = 1;
  private static final int LENGTH = 2;
  private static final int NUMBER = 3;
  private static final int FIELDS = 4;

  // All keys, one after another: an object for each would be a third place.
  private byte[] keys = new byte[1024];
  private int[] slots = new int[64 * FIELDS];
  private int keyBytes;
  private int size;

  SliceTable(int limit) {
    this.limit = limit;
  }

  int get(byte[] bytes, int offset, int length) {
    int[] slots = this.slots;
    int mask = slots.length - 1;
    int hash = hash(bytes, offset, length);
    for (int at = hash * FIELDS & mask; slots[at + LENGTH] != 0; at = (at + FIELDS) & mask) {
      if (slots[at + HASH] == hash
          && slots[at + LENGTH] == length
          && isKey(slots[at + OFFSET], bytes, offset, length)) {
        return slots[at + NUMBER];
      }
    }
    return ABSENT;
  }

  /** Eight bytes at a step, the last ones together with some of those before them. */
  private boolean isKey(int key, byte[] bytes, int offset, int length) {
    if (length < Long.BYTES) {
      return Arrays.equals(keys, key, key + length, bytes, offset, offset + length);
    }
    int last = length - Long.BYTES;
    for (int i = 0; i < last; i += Long.BYTES) {
      if ((long) LONGS.get(keys, key + i) != (long) LONGS.get(bytes, offset + i)) {
        return false;
      }
    }
    return (long) LONGS.get(keys, key + last) == (long) LONGS.get(bytes, offset + last);
  }

  /** Remembers a slice that is not there yet, as long as there is room; never an empty one. */
  void put(byte[] bytes, int offset, int length, int number) {
    if (size >= limit || length == 0 || length > MOST_BYTES - keyBytes) {
      return;
    }
    if (size * 4 * FIELDS >= slots.length) {
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
    int mask = slots.length - 1;
    int hash = hash(keys, key, length);
    int at = hash * FIELDS & mask;
    while (slots[at + LENGTH] != 0) {
      at = (at + FIELDS) & mask;
    }
    slots[at + HASH] = hash;
    slots[at + OFFSET] = key;
    slots[at + LENGTH] = length;
    slots[at + NUMBER] = number;
  }

  private void grow() {
    int[] old = slots;
    slots = new int[old.length * 2];
    for (int at = 0; at < old.length; at += FIELDS) {
      if (old[at + LENGTH] != 0) {
        insert(old[at + OFFSET], old[at + LENGTH], old[at + NUMBER]);
      }
    }
  }

  /** Eight bytes at a step, as above: names are long enough for that to matter. */
  private static int hash(byte[] bytes, int offset, int length) {
    long hash = length;
    if (length < Long.BYTES) {
      for (int at = offset; at < offset + length; at++) {
        hash = (hash ^ bytes[at]) * SPREAD;
      }
    } else {
      int last = offset + length - Long.BYTES;
      for (int at = offset; at < last; at += Long.BYTES) {
        hash = (hash ^ (long) LONGS.get(bytes, at)) * SPREAD;
        hash ^= hash >>> 29;
      }
      hash = (hash ^ (long) LONGS.get(bytes, last)) * SPREAD;
    }
    hash ^= hash >>> 32;
    return (int) (hash ^ (hash >>> 15));
  }
}
