package io.tailrace.sink.prometheus;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The message of remote write 1.0: every time series once, its points in the order given.
 *
 * @see <a href="https://prometheus.io/docs/specs/prw/remote_write_spec/">Prometheus, remote write
 *     1.0</a>
 */
final class WriteRequest {
  private WriteRequest() {}

  static byte[] encode(List<Point> points) {
    IdentityHashMap<Labels, List<Point>> bySeries = new IdentityHashMap<>();
    List<List<Point>> inOrder = new ArrayList<>();
    for (Point point : points) {
      bySeries
          .computeIfAbsent(
              point.labels(),
              unused -> {
                List<Point> one = new ArrayList<>(4);
                inOrder.add(one);
                return one;
              })
          .add(point);
    }
    ProtoWriter request = new ProtoWriter(64 + 128 * points.size());
    ProtoWriter series = new ProtoWriter(1024);
    ProtoWriter sample = new ProtoWriter(32);
    for (List<Point> one : inOrder) {
      series.clear();
      byte[] labels = one.get(0).labels().fields();
      series.raw(labels, labels.length);
      for (Point point : one) {
        write(point, series, sample);
      }
      request.message(1, series);
    }
    return request.toByteArray();
  }

  private static void write(Point point, ProtoWriter series, ProtoWriter sample) {
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
