package io.tailrace.sink.prometheus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.xerial.snappy.Snappy;

/**
 * Writes the message of remote write 1.0: every time series once, its points in the order given.
 * Its arrays are used again: they are the largest there are, and a few hundred are needed every
 * second. Not thread-safe.
 *
 * @see <a href="https://prometheus.io/docs/specs/prw/remote_write_spec/">Prometheus, remote write
 *     1.0</a>
 */
final class WriteRequest {
  // Beyond it an array is an exception, and not kept.
  private static final int MOST_KEPT = 4 << 20;

  private final ProtoWriter request = new ProtoWriter(64 * 1024);
  private final ProtoWriter series = new ProtoWriter(4 * 1024);
  private final ProtoWriter sample = new ProtoWriter(32);
  private byte[] compressed = {};

  /** The body of a request, compressed. */
  byte[] encode(List<Point> points) throws IOException {
    write(points);
    int most = Snappy.maxCompressedLength(request.size());
    if (compressed.length < most) {
      compressed = new byte[most];
    }
    return Arrays.copyOf(compressed, request.compressTo(compressed));
  }

  /** Whether its arrays have stayed so small that it is to be used again. */
  boolean isSmall() {
    return compressed.length <= MOST_KEPT;
  }

  private void write(List<Point> points) {
    IdentityHashMap<Labels, List<Point>> bySeries = new IdentityHashMap<>();
    List<List<Point>> inOrder = new ArrayList<>();
    for (Point point : points) {
      List<Point> one = bySeries.get(point.labels());
      if (one == null) {
        one = new ArrayList<>(8);
        bySeries.put(point.labels(), one);
        inOrder.add(one);
      }
      one.add(point);
    }
    request.clear();
    for (List<Point> one : inOrder) {
      series.clear();
      byte[] labels = one.get(0).labels().fields();
      series.raw(labels, labels.length);
      for (Point point : one) {
        write(point);
      }
      request.message(1, series);
    }
  }

  private void write(Point point) {
    byte[] histogram = point.histogram();
    if (histogram != null) {
      series.bytes(4, histogram, histogram.length);
      return;
    }
    sample.clear();
    sample.fixedBits(1, point.bits());
    sample.number(2, point.millis());
    series.message(2, sample);
  }
}
