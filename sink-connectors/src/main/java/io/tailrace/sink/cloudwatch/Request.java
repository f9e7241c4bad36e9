package io.tailrace.sink.cloudwatch;

import java.util.ArrayList;
import java.util.List;

/** The data of consecutive windows, as many as one PutMetricData takes. */
final class Request {
  static final int MOST_DATA = 1_000;

  /** A megabyte, less what surrounds the data: the namespace and the names of both. */
  static final int MOST_BYTES = 1_000_000 - 400;

  private final List<Datum> data = new ArrayList<>();
  private int bytes;
  private int windows;
  private long end;
  private long newestMicros = Long.MIN_VALUE;

  static int bytes(List<Datum> data) {
    return data.stream().mapToInt(Datum::bytes).sum();
  }

  boolean hasRoomFor(List<Datum> more) {
    return data.size() + more.size() <= MOST_DATA && bytes + bytes(more) <= MOST_BYTES;
  }

  /**
   * Adds all data of one window.
   *
   * @param newest the latest end of this window and of whatever came before it
   */
  void add(List<Datum> more, long offset, long newest) {
    data.addAll(more);
    bytes += bytes(more);
    windows++;
    end = offset + 1;
    newestMicros = newest;
  }

  List<Datum> data() {
    return data;
  }

  int windows() {
    return windows;
  }

  /** The offset behind its last window. */
  long end() {
    return end;
  }

  long newestMicros() {
    return newestMicros;
  }
}
