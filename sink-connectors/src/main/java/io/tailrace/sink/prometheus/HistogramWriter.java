package io.tailrace.sink.prometheus;

/** Writes {@code prometheus.Histogram} messages. Not thread-safe. */
final class HistogramWriter {
  private final ProtoWriter histogram = new ProtoWriter(1024);
  private final ProtoWriter deltas = new ProtoWriter(1024);

  byte[] write(NativeBuckets buckets, long count, double sum, long millis) {
    histogram.clear();
    histogram.number(1, count);
    histogram.fixed(3, sum);
    buckets.writeTo(histogram, deltas);
    histogram.number(15, millis);
    return histogram.toByteArray();
  }
}
