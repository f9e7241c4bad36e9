package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.tailrace.histogram.HistogramFrame;
import io.tailrace.sink.prometheus.Contents.Times;
import java.util.List;

/** Times counted since the run began, as a native histogram and in the buckets of a classic one. */
final class Distribution extends TimeSeries {
  private static final double MICROS_PER_SECOND = 1e6;

  private final Labels labels;
  private final ClassicLabels classicLabels;
  private final RunShape.Histograms written;
  private final Buckets buckets;
  private final double[] boundsMicros;
  private NativeBuckets counts;
  private long[] atMost;
  private long count;
  private double sumMicros;

  /**
   * @param written which of the two goes into requests
   */
  Distribution(Labels labels, ClassicLabels classic, RunShape.Histograms written, Buckets buckets) {
    this.labels = labels;
    this.classicLabels = classic;
    this.written = written;
    this.buckets = buckets;
    counts = new NativeBuckets(buckets.schema());
    boundsMicros =
        buckets.boundsSeconds().stream().mapToDouble(s -> s * MICROS_PER_SECOND).toArray();
    atMost = new long[boundsMicros.length + 1];
  }

  /** Adds times, once more or, with -1, once less. */
  void add(Times times, int sign) {
    byte[] frame = times.frame();
    if (frame == null) {
      return;
    }
    double[] sumOfCells = {0};
    int[] bound = {0};
    HistogramFrame.forEachCell(
        frame,
        (lowest, highest, number) -> {
          // What stands for all values of a cell, which is narrower than a thousandth of them.
          double micros = (lowest + highest) / 2.0;
          if (written == RunShape.Histograms.NATIVE) {
            counts.add(micros, sign * number);
          }
          // Cells ascend, and so do their bounds.
          while (bound[0] < boundsMicros.length && micros > boundsMicros[bound[0]]) {
            bound[0]++;
          }
          atMost[bound[0]] += sign * number;
          count += sign * number;
          sumOfCells[0] += micros * number;
        });
    sumMicros += sign * (Double.isNaN(times.sumMicros()) ? sumOfCells[0] : times.sumMicros());
    markChanged();
  }

  /** The times are known from elsewhere; says how many were missing. */
  long raiseTo(Times known) {
    Distribution whole = new Distribution(labels, classicLabels, written, buckets);
    whole.add(known, 1);
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
          into.add(Point.of(labels, millis, counts, count, sumMicros / MICROS_PER_SECOND));
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
