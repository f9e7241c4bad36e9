package io.tailrace.sink.prometheus;

import io.tailrace.histogram.HistogramCells;
import java.util.Arrays;

/** Cumulative counts in the buckets of a native histogram. */
final class NativeBuckets {
  // What client libraries use: far below a microsecond, so only true zeros are in the zero bucket.
  private static final double ZERO_THRESHOLD = 0x1p-128;

  // Two empty buckets cost less in a span than the start of another one.
  private static final int MOST_BRIDGED = 2;

  private final NativeScale scale;
  private long[] counts = new long[0];
  private int first;
  private long zeros;

  NativeBuckets(NativeScale scale) {
    this.scale = scale;
  }

  /** Adds all cells or, with a sign of -1, takes them back. */
  void add(HistogramCells cells, int sign) {
    if (!scale.covers(cells)) {
      for (int i = 0; i < cells.size(); i++) {
        // What stands for all values of a cell, which is narrower than a thousandth of them.
        add(cells.middle(i), sign * cells.count(i));
      }
      return;
    }
    int size = cells.size();
    int i = 0;
    if (size > 0 && cells.index(0) == 0) {
      zeros += sign * cells.count(0);
      i = 1;
    }
    if (i == size) {
      return;
    }
    // Cells ascend, and so do their buckets: with room for both ends there is room for all.
    makeRoomFor(scale.ofCell(cells.index(i)));
    makeRoomFor(scale.ofCell(cells.index(size - 1)));
    long[] into = counts;
    int from = first;
    for (; i < size; i++) {
      into[scale.ofCell(cells.index(i)) - from] += sign * cells.count(i);
    }
  }

  /** Adds so many values at this many microseconds; a negative count takes them back. */
  void add(double micros, long count) {
    if (micros <= 0) {
      zeros += count;
      return;
    }
    int index = scale.indexOf(micros);
    makeRoomFor(index);
    counts[index - first] += count;
  }

  private void makeRoomFor(int index) {
    if (counts.length == 0) {
      first = index;
      counts = new long[8];
    } else if (index < first) {
      int room = Math.max(first - index, counts.length / 2);
      long[] more = new long[counts.length + room];
      System.arraycopy(counts, 0, more, room, counts.length);
      counts = more;
      first -= room;
    } else if (index - first >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(index - first + 1, counts.length * 3 / 2));
    }
  }

  /**
   * Writes schema, zero bucket, spans and deltas of a {@code prometheus.Histogram}.
   *
   * @param deltas for the time of the call
   */
  void writeTo(ProtoWriter histogram, ProtoWriter deltas) {
    histogram.signed(4, scale.schema());
    histogram.fixed(5, ZERO_THRESHOLD);
    histogram.number(6, zeros);
    deltas.clear();
    long previous = 0;
    int next = 0;
    boolean started = false;
    for (int start = nextUsed(0); start < counts.length; ) {
      int end = endOfSpan(start);
      histogram.span(11, started ? start - next : first + start, end - start);
      deltas.packedDeltas(counts, start, end, previous);
      previous = counts[end - 1];
      started = true;
      next = end;
      start = nextUsed(end);
    }
    if (started) {
      histogram.message(12, deltas);
    }
  }

  private int nextUsed(int from) {
    int i = from;
    while (i < counts.length && counts[i] == 0) {
      i++;
    }
    return i;
  }

  private int endOfSpan(int start) {
    int end = start;
    for (int used = start; used < counts.length && used - end <= MOST_BRIDGED; ) {
      end = used + 1;
      used = nextUsed(end);
    }
    return end;
  }
}
