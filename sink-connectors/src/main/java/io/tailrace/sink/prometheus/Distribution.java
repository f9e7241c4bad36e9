package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.tailrace.histogram.HistogramCells;
import java.util.List;

/** Times counted since the run began, as a native histogram and in the buckets of a classic one. */
final class Distribution extends TimeSeries {
  private static final double MICROS_PER_SECOND = 1e6;

  private final Labels labels;
  private final ClassicLabels classicLabels;
  private final RunShape.Histograms written;
  private final Buckets buckets;
  private final HistogramWriter writer;
  private NativeBuckets counts;
  private long[] atMost;
  private long count;
  private double sumMicros;

  /**
   * @param written which of the two goes into requests
   */
  Distribution(
      Labels labels,
      ClassicLabels classic,
      RunShape.Histograms written,
      Buckets buckets,
      HistogramWriter writer) {
    this.writer = writer;
    this.labels = labels;
    this.classicLabels = classic;
    this.written = written;
    this.buckets = buckets;
    counts = new NativeBuckets(buckets.scale());
    atMost = new long[buckets.boundsSeconds().size() + 1];
  }

  /**
   * Adds times, once more or, with -1, once less.
   *
   * @param sum in microseconds; NaN when only the cells know
   */
  void add(HistogramCells cells, double sum, int sign) {
    if (written == RunShape.Histograms.NATIVE) {
      counts.add(cells, sign);
    }
    buckets.count(cells, sign, atMost);
    count += sign * cells.total();
    sumMicros += sign * (Double.isNaN(sum) ? sum(cells) : sum);
    markChanged();
  }

  private static double sum(HistogramCells cells) {
    double sum = 0;
    for (int i = 0; i < cells.size(); i++) {
      sum += cells.middle(i) * cells.count(i);
    }
    return sum;
  }

  /** The times are known from elsewhere; says how many were missing. */
  long raiseTo(HistogramCells cells, double sum) {
    Distribution whole = new Distribution(labels, classicLabels, written, buckets, writer);
    whole.add(cells, sum, 1);
    long missing = whole.count - count;
    if (missing > 0) {
      counts = whole.counts;
      atMost = whole.atMost;
      count = whole.count;
      sumMicros = whole.sumMicros;
      markChanged();
    }
    return missing;
  }

  @Override
  void putValue(long millis, List<Point> into) {
    switch (written) {
      case NATIVE ->
          into.add(
              Point.of(
                  labels,
                  millis,
                  writer.write(counts, count, sumMicros / MICROS_PER_SECOND, millis)));
      case CLASSIC -> putClassic(millis, into);
      case NONE -> {}
    }
  }

  private void putClassic(long millis, List<Point> into) {
    long upTo = 0;
    for (int i = 0; i < atMost.length; i++) {
      upTo += atMost[i];
      into.add(Point.of(classicLabels.buckets().get(i), millis, (double) upTo));
    }
    into.add(Point.of(classicLabels.count(), millis, (double) count));
    into.add(Point.of(classicLabels.sum(), millis, sumMicros / MICROS_PER_SECOND));
  }

  @Override
  void putStale(long millis, List<Point> into) {
    switch (written) {
      case NATIVE -> into.add(Point.staleHistogram(labels, millis));
      case CLASSIC -> {
        classicLabels.buckets().forEach(each -> into.add(Point.stale(each, millis)));
        into.add(Point.stale(classicLabels.count(), millis));
        into.add(Point.stale(classicLabels.sum(), millis));
      }
      case NONE -> {}
    }
  }

  @Override
  void expose(List<Sample> into) {
    String name = classicLabels.name();
    long upTo = 0;
    for (int i = 0; i < atMost.length; i++) {
      upTo += atMost[i];
      into.add(Exposition.sample(name + "_bucket", classicLabels.buckets().get(i), (double) upTo));
    }
    into.add(Exposition.sample(name + "_count", classicLabels.count(), (double) count));
    into.add(Exposition.sample(name + "_sum", classicLabels.sum(), sumMicros / MICROS_PER_SECOND));
  }
}
