package io.tailrace.benchmarks.aggregate;

import java.util.Arrays;

/** Numbers series by their encoded bytes, without an object for each look-up. */
final class SeriesIds {
  private static final int SLOTS = 1 << 14;

  private final byte[][] keys = new byte[SLOTS][];
  private final int[] ids = new int[SLOTS];
  private int next;

  int of(byte[] bytes, int offset, int length) {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    while (keys[slot] != null) {
      if (Arrays.equals(keys[slot], 0, keys[slot].length, bytes, offset, offset + length)) {
        return ids[slot];
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    keys[slot] = Arrays.copyOfRange(bytes, offset, offset + length);
    ids[slot] = next;
    return next++;
  }
}
