package io.tailrace.sink.prometheus;

import org.jspecify.annotations.Nullable;

/**
 * One value of one time series at one moment.
 *
 * @param bits those of the value, a double; without meaning when there is a histogram
 * @param histogram an encoded {@code prometheus.Histogram}, null for a plain value
 */
@SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
record Point(Labels labels, long millis, long bits, byte @Nullable [] histogram) {
  /** The NaN that ends a time series. */
  private static final long STALE = 0x7ff0000000000002L;

  static Point of(Labels labels, long millis, double value) {
    return new Point(labels, millis, Double.doubleToRawLongBits(value), null);
  }

  static Point stale(Labels labels, long millis) {
    return new Point(labels, millis, STALE, null);
  }

  static Point of(Labels labels, long millis, byte[] histogram) {
    return new Point(labels, millis, 0, histogram);
  }

  static Point staleHistogram(Labels labels, long millis) {
    ProtoWriter out = new ProtoWriter(32);
    out.number(1, 0);
    out.fixedBits(3, STALE);
    out.number(15, millis);
    return new Point(labels, millis, 0, out.toByteArray());
  }
}
