package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Series;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One run as Prometheus sees it: a fold over its aggregates in their order, which depends on
 * nothing else, so that reading them again gives the same.
 */
final class RunMetrics {
  private static final String WHOLE_RUN = "*";

  // Within the five minutes after which Prometheus takes a silent time series for gone.
  private static final Duration REPEAT_AFTER = Duration.ofMinutes(1);

  private record SeriesId(String name, String method, String group, Map<String, String> tags) {
    static SeriesId of(Series series) {
      return new SeriesId(
          series.getName(), series.getMethod(), series.getGroup(), series.getTags());
    }

    boolean isWholeRun() {
      return name.equals(WHOLE_RUN) && method.isEmpty() && group.isEmpty() && tags.isEmpty();
    }
  }

  private final RunShape shape;
  private final Map<String, String> labels;
  private final Corrections corrections = new Corrections();
  private final Scratch scratch = new Scratch();
  private final Map<SeriesId, SeriesMetrics> series = new LinkedHashMap<>();
  private final long widthMicros;
  private boolean ended;

  /**
   * @param first any aggregate of the run; those of the narrowest windows come first
   */
  RunMetrics(Aggregate first, RunShape shape) {
    this.shape = shape;
    labels = labels(first);
    widthMicros =
        shape
            .window()
            .map(window -> TimeUnit.NANOSECONDS.toMicros(window.toNanos()))
            .orElse(first.getWindowMicros());
  }

  private static Map<String, String> labels(Aggregate first) {
    Map<String, String> labels = new TreeMap<>();
    labels.put("run_id", first.getRun());
    labels.put("test_name", first.getTestName());
    labels.put("environment", first.getEnvironment());
    labels.put("version", first.getVersion());
    return labels;
  }

  /** Takes the next aggregate and says what is to be written because of it. */
  void take(Aggregate aggregate, List<Point> into) {
    if (!aggregate.getTotal() && aggregate.getWindowMicros() != widthMicros) {
      return;
    }
    SeriesId id = SeriesId.of(aggregate.getSeries());
    SeriesMetrics metrics = series.get(id);
    if (aggregate.getTotal()) {
      ended |= id.isWholeRun();
      if (metrics == null) {
        corrections.unknown++;
      } else {
        metrics.total(aggregate, into);
      }
      return;
    }
    ended = false;
    if (metrics == null) {
      metrics = newSeries(id);
      series.put(id, metrics);
    }
    metrics.window(aggregate, into);
    if (id.isWholeRun()) {
      long startMillis = TimeUnit.MICROSECONDS.toMillis(aggregate.getWindowStartMicros());
      long silentSince = startMillis - REPEAT_AFTER.toMillis();
      series.values().forEach(each -> each.refresh(startMillis, silentSince, into));
    }
  }

  private SeriesMetrics newSeries(SeriesId id) {
    List<MetricSpec> metrics =
        shape.metrics().stream().filter(metric -> metric.ofSeries() != id.isWholeRun()).toList();
    return new SeriesMetrics(
        metrics, id.isWholeRun() ? labels : labels(id), shape, scratch, corrections);
  }

  private Map<String, String> labels(SeriesId id) {
    Map<String, String> all = new TreeMap<>();
    id.tags()
        .forEach(
            (name, value) -> {
              String label = "tag_" + Labels.validName(name);
              // Two names may become the same one; what they say must not.
              all.merge(label, value, (one, other) -> one + ", " + other);
            });
    all.putAll(labels);
    all.put("endpoint", id.name());
    all.put("method", id.method());
    all.put("group", id.group());
    return all;
  }

  /** The run's totals were the last that came. */
  boolean isEnded() {
    return ended;
  }

  Corrections corrections() {
    return corrections;
  }

  void expose(Map<MetricSpec, List<Sample>> into) {
    series.values().forEach(each -> each.expose(into));
  }
}
