package io.tailrace.aggregator.window;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Failed requests of one series in one window, by their kind's number in the run. */
final class ErrorCounts {
  private static final int MOST_KINDS = 100;
  private static final int[] NO_KINDS = {};
  private static final long[] NO_COUNTS = {};

  private int[] kinds = NO_KINDS;
  private long[] counts = NO_COUNTS;
  private int used;

  void add(int kind, long count) {
    for (int i = 0; i < used; i++) {
      if (kinds[i] == kind) {
        counts[i] += count;
        return;
      }
    }
    if (used >= MOST_KINDS && kind != ErrorTable.OTHER) {
      add(ErrorTable.OTHER, count);
      return;
    }
    if (used == kinds.length) {
      kinds = Arrays.copyOf(kinds, used * 2 + 2);
      counts = Arrays.copyOf(counts, used * 2 + 2);
    }
    kinds[used] = kind;
    counts[used++] = count;
  }

  void addAll(ErrorCounts other) {
    for (int i = 0; i < other.used; i++) {
      add(other.kinds[i], other.counts[i]);
    }
  }

  /** By the names of the kinds, in the names' order. */
  Map<String, Long> byName(ErrorTable names) {
    TreeMap<String, Long> byName = new TreeMap<>();
    for (int i = 0; i < used; i++) {
      byName.put(names.name(kinds[i]), counts[i]);
    }
    return byName;
  }

  void writeTo(ByteWriter state, ErrorTable names) {
    state.writeUnsigned(used);
    for (int i = 0; i < used; i++) {
      state.writeString(names.name(kinds[i]));
      state.writeUnsigned(counts[i]);
    }
  }

  void readFrom(ByteReader state, ErrorTable names) {
    for (long rest = state.readUnsigned(); rest > 0; rest--) {
      add(names.numberOf(state.readString()), state.readUnsigned());
    }
  }
}
