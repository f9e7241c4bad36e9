package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.List;

/** A number that only grows. */
final class Counter extends TimeSeries {
  private final String name;
  private final Labels labels;
  private long value;

  Counter(String name, Labels labels) {
    this.name = name;
    this.labels = labels;
  }

  void add(long more) {
    if (more != 0) {
      value += more;
      markChanged();
    }
  }

  /** The number is known from elsewhere; says by how much it was short. */
  long raiseTo(long known) {
    long missing = known - value;
    if (missing > 0) {
      add(missing);
    }
    return missing;
  }

  @Override
  void putValue(long millis, List<Point> into) {
    into.add(Point.of(labels, millis, (double) value));
  }

  @Override
  void putStale(long millis, List<Point> into) {
    into.add(Point.stale(labels, millis));
  }

  @Override
  void expose(List<Sample> into) {
    into.add(Exposition.sample(name, labels, (double) value));
  }
}
