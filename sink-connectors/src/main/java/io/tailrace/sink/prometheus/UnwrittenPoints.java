package io.tailrace.sink.prometheus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The points of records in their order, until they are known to be written: whoever asks again gets
 * the same ones. In one list for all records, as there are many of both. Not thread-safe.
 */
final class UnwrittenPoints {
  private final List<Point> points = new ArrayList<>();
  // The records' offsets, ascending, and where the points of each end.
  private long[] offsets = new long[64];
  private int[] ends = new int[64];
  private int records;

  /**
   * Where the points of the next record go, until it is {@link #told}; those of one that never was,
   * as it could not be read to its end, are gone.
   */
  List<Point> next() {
    points.subList(endBefore(records), points.size()).clear();
    return points;
  }

  /** All points of this record are there. */
  void told(long offset) {
    if (records == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * records);
      ends = Arrays.copyOf(ends, 2 * records);
    }
    offsets[records] = offset;
    ends[records] = points.size();
    records++;
  }

  /** The points of the records from one offset to another; good until more is told or written. */
  List<Point> between(long first, long last) {
    return points.subList(endBefore(find(first)), endBefore(find(last + 1)));
  }

  /** All before this offset is written. */
  void written(long nextOffset) {
    int gone = find(nextOffset);
    int pointsGone = endBefore(gone);
    points.subList(0, pointsGone).clear();
    records -= gone;
    System.arraycopy(offsets, gone, offsets, 0, records);
    for (int i = 0; i < records; i++) {
      ends[i] = ends[i + gone] - pointsGone;
    }
  }

  /** The first record that is not before this offset. */
  private int find(long offset) {
    int at = Arrays.binarySearch(offsets, 0, records, offset);
    return at < 0 ? -at - 1 : at;
  }

  private int endBefore(int record) {
    return record == 0 ? 0 : ends[record - 1];
  }
}
