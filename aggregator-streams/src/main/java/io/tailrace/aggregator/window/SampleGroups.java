package io.tailrace.aggregator.window;

import java.util.Arrays;

/** Puts logged times into groups by their keys, each of which goes to one histogram; reused. */
final class SampleGroups {
  private static final int FEW = 1024;

  // Of each key first how many there are, then where its group ends.
  private int[] ends = new int[FEW];
  private int[] sizes = new int[FEW];
  private int[] values = new int[FEW];
  private int keys;

  /** Starts anew with keys below this number. */
  void begin(int keys) {
    if (sizes.length < keys) {
      sizes = new int[Math.max(keys, sizes.length * 2)];
      ends = new int[sizes.length];
    }
    Arrays.fill(sizes, 0, keys, 0);
    this.keys = keys;
  }

  void count(long[] entries, int length) {
    int[] sizes = this.sizes;
    for (int i = 0; i < length; i++) {
      sizes[(int) (entries[i] >>> Integer.SIZE)]++;
    }
  }

  /** Makes room for all groups, one behind the other. */
  void lay(int entries) {
    if (values.length < entries) {
      values = new int[Math.min(SampleLog.MOST_ENTRIES, Math.max(entries, values.length * 2))];
    }
    int at = 0;
    for (int key = 0; key < keys; key++) {
      ends[key] = at;
      at += sizes[key];
    }
  }

  void place(long[] entries, int length) {
    int[] ends = this.ends;
    int[] values = this.values;
    for (int i = 0; i < length; i++) {
      long entry = entries[i];
      values[ends[(int) (entry >>> Integer.SIZE)]++] = (int) entry;
    }
  }

  int size(int key) {
    return sizes[key];
  }

  void handTo(ValueCounts counts, int key) {
    counts.recordAll(values, ends[key] - sizes[key], sizes[key]);
  }
}
