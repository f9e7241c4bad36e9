package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.List;

/** The value of the latest window. */
final class Gauge extends TimeSeries {
  private final String name;
  private final Labels labels;
  private double value;
  private boolean shown;

  Gauge(String name, Labels labels) {
    this.name = name;
    this.labels = labels;
  }

  void set(double latest) {
    value = latest;
    shown = true;
    markChanged();
  }

  /** An old value is no news: it ends until there is another. */
  @Override
  void refresh(long millis, List<Point> into) {
    stale(millis, into);
  }

  @Override
  void putValue(long millis, List<Point> into) {
    into.add(Point.of(labels, millis, value));
  }

  @Override
  void putStale(long millis, List<Point> into) {
    into.add(Point.stale(labels, millis));
    shown = false;
  }

  @Override
  void expose(List<Sample> into) {
    if (shown) {
      into.add(Exposition.sample(name, labels, value));
    }
  }
}
