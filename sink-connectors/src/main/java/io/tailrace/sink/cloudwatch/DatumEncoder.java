package io.tailrace.sink.cloudwatch;

import io.tailrace.record.Aggregate;
import io.tailrace.sink.core.MetricNames;
import io.tailrace.sink.core.template.TemplateModel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a window into the data of the configured metrics. */
final class DatumEncoder {
  private static final double MICROS_PER_MILLI = 1_000.0;
  private static final double LARGEST = 0x1p360;
  private static final double[] ONCE = {};

  private final List<MetricSpec> metrics;
  private final int resolution;

  DatumEncoder(List<MetricSpec> metrics, Duration window) {
    this.metrics = metrics;
    this.resolution = resolution(window);
  }

  /** What CloudWatch keeps apart: seconds, or whole minutes. */
  static int resolution(Duration window) {
    return window.toSeconds() < 60 ? 1 : 60;
  }

  List<Datum> encode(Aggregate aggregate) {
    List<Datum> data = new ArrayList<>();
    TemplateModel model = null;
    Map<String, Number> numbers = null;
    for (MetricSpec metric : metrics) {
      if (!metric.shows(aggregate)) {
        continue;
      }
      model = model == null ? TemplateModel.of(aggregate) : model;
      Dimensions dimensions = metric.dimensions(model);
      double factor = metric.source().factor(metric.unit());
      if (metric.source().isDistribution()) {
        distribution(metric, dimensions, aggregate, factor / MICROS_PER_MILLI, data);
      } else {
        numbers = numbers == null ? MetricNames.of(aggregate) : numbers;
        Number number = numbers.get(metric.source().name());
        if (number != null && isTaken(number.doubleValue() * factor)) {
          double[] value = {number.doubleValue() * factor};
          data.add(datum(metric, dimensions, aggregate, value, ONCE));
        }
      }
    }
    return data;
  }

  private static boolean isTaken(double value) {
    return Math.abs(value) <= LARGEST;
  }

  private void distribution(
      MetricSpec metric,
      Dimensions dimensions,
      Aggregate aggregate,
      double factor,
      List<Datum> into) {
    ByteBuffer frame = histogram(metric, aggregate);
    if (frame == null) {
      return;
    }
    byte[] bytes = new byte[frame.remaining()];
    frame.get(frame.position(), bytes);
    Spread spread = Spread.of(bytes);
    // CloudWatch adds up what has the same name, dimensions and time.
    for (int from = 0; from < spread.size(); from += Datum.MOST_VALUES) {
      int to = Math.min(from + Datum.MOST_VALUES, spread.size());
      into.add(
          datum(
              metric,
              dimensions,
              aggregate,
              spread.values(from, to, factor),
              spread.counts(from, to)));
    }
  }

  private static @Nullable ByteBuffer histogram(MetricSpec metric, Aggregate aggregate) {
    ByteBuffer service = aggregate.getServiceHistogram();
    // Equal times are written once.
    return metric.source().isServiceTime() && service != null
        ? service
        : aggregate.getResponseHistogram();
  }

  private Datum datum(
      MetricSpec metric,
      Dimensions dimensions,
      Aggregate aggregate,
      double[] values,
      double[] counts) {
    return new Datum(
        metric, dimensions, aggregate.getWindowStartMicros(), resolution, values, counts);
  }
}
