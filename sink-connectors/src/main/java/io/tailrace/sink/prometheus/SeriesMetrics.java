package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.core.MetricNames;
import io.tailrace.sink.prometheus.Contents.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time series that one series of a run becomes. A correction of a window that was written is
 * what it has more than before, and is in the next value: counts stay exact and never go back.
 */
final class SeriesMetrics {
  // The aggregator re-opens windows of the last 60 s; one more window may be on its way.
  private static final long REMEMBERED_MICROS = TimeUnit.SECONDS.toMicros(65);
  private static final long MOST_REMEMBERED_BYTES = 8 << 20;
  private static final String WHOLE = "";

  private record Slot(MetricSpec metric, String part) {}

  private final List<MetricSpec> metrics;
  private final boolean showsLatest;
  private final boolean showsService;
  private final Map<String, String> labels;
  private final RunShape shape;
  private final Corrections corrections;
  private final Map<Slot, TimeSeries> slots = new LinkedHashMap<>();
  private final TreeMap<Long, Contents> remembered = new TreeMap<>();
  private long rememberedBytes;
  private long lastEndMicros = Long.MIN_VALUE;

  SeriesMetrics(
      List<MetricSpec> metrics,
      Map<String, String> labels,
      RunShape shape,
      Corrections corrections) {
    this.metrics = metrics;
    showsLatest = metrics.stream().anyMatch(each -> each.measure() instanceof Measure.Latest);
    showsService =
        metrics.stream()
            .anyMatch(each -> each.measure() instanceof Measure.Times times && times.ofService());
    this.labels = labels;
    this.shape = shape;
    this.corrections = corrections;
  }

  /** Takes a window, a correction of one, or what came too late for one. */
  void window(Aggregate window, List<Point> into) {
    long start = window.getWindowStartMicros();
    long end = start + window.getWindowMicros();
    Contents now = Contents.of(window, showsService);
    Contents before = before(window, now);
    if (before == null) {
      corrections.unknown++;
      return;
    }
    boolean isNext = end > lastEndMicros;
    Map<String, Number> values = showsLatest ? MetricNames.of(window) : Map.of();
    for (MetricSpec metric : metrics) {
      if (metric.measure() instanceof Measure.Latest latest) {
        Number value = values.get(latest.name());
        if (value != null && isNext) {
          gauge(metric).set(value.doubleValue() * latest.factor());
        }
      } else {
        count(metric, now, before, start, into);
      }
    }
    if (showsLatest && !isNext) {
      corrections.notShown++;
    }
    if (isNext) {
      lastEndMicros = end;
      writeChanged(TimeUnit.MICROSECONDS.toMillis(end), into);
      forget(end - REMEMBERED_MICROS - window.getWindowMicros());
    }
  }

  /** What was counted of this window before; null when that is not known any more. */
  private @Nullable Contents before(Aggregate window, Contents now) {
    if (window.getSupplement()) {
      return Contents.NOTHING;
    }
    Contents before = remembered.get(window.getWindowStartMicros());
    if (before == null && window.getRevision() > 0) {
      return null;
    }
    remembered.put(window.getWindowStartMicros(), now);
    rememberedBytes += now.retainedBytes() - (before == null ? 0 : before.retainedBytes());
    return before == null ? Contents.NOTHING : before;
  }

  private void forget(long beforeMicros) {
    while (!remembered.isEmpty()
        && (remembered.firstKey() < beforeMicros || rememberedBytes > MOST_REMEMBERED_BYTES)) {
      rememberedBytes -= remembered.pollFirstEntry().getValue().retainedBytes();
    }
  }

  private void count(
      MetricSpec metric, Contents now, Contents before, long startMicros, List<Point> into) {
    if (metric.measure() instanceof Measure.Times times) {
      Map<String, Contents.Times> after = times(metric, times, now);
      Map<String, Contents.Times> until = times(metric, times, before);
      if (!after.keySet().containsAll(until.keySet())) {
        corrections.unknown++;
        return;
      }
      after.forEach((part, value) -> distribution(metric, part, startMicros, into).add(value, 1));
      until.forEach((part, value) -> distribution(metric, part, startMicros, into).add(value, -1));
    } else {
      Map<String, Long> until = counts(metric, before);
      counts(metric, now)
          .forEach(
              (part, value) ->
                  counter(metric, part, startMicros, into)
                      .add(value - until.getOrDefault(part, 0L)));
    }
  }

  /** The whole run is told: what is missing is added, and everything comes to its end. */
  void total(Aggregate total, List<Point> into) {
    Contents known = Contents.of(total, showsService);
    long startMicros = total.getWindowStartMicros();
    for (MetricSpec metric : metrics) {
      if (metric.measure() instanceof Measure.Times times) {
        times(metric, times, known)
            .forEach(
                (part, value) ->
                    corrections.atTheEnd(
                        distribution(metric, part, startMicros, into).raiseTo(value)));
      } else if (!(metric.measure() instanceof Measure.Latest)) {
        counts(metric, known)
            .forEach(
                (part, value) ->
                    corrections.atTheEnd(counter(metric, part, startMicros, into).raiseTo(value)));
      }
    }
    long endMillis = TimeUnit.MICROSECONDS.toMillis(startMicros + total.getWindowMicros());
    slots.values().forEach(each -> each.end(endMillis, into));
  }

  private static Map<String, Long> counts(MetricSpec metric, Contents contents) {
    Map<String, Long> counts = new LinkedHashMap<>();
    if (metric.measure() instanceof Measure.Bytes bytes) {
      counts.put(WHOLE, bytes.of().applyAsLong(contents));
    } else if (metric.measure() instanceof Measure.ErrorKinds) {
      if (metric.errorLabel() == null) {
        counts.put(WHOLE, contents.all().errors());
      } else {
        contents.errorKinds().forEach(counts::put);
      }
    } else if (metric.measure() instanceof Measure.Count count) {
      parts(metric, contents)
          .forEach((part, share) -> counts.put(part, count.of().applyAsLong(share)));
    }
    return counts;
  }

  private static Map<String, Contents.Times> times(
      MetricSpec metric, Measure.Times times, Contents contents) {
    Map<String, Contents.Times> parts = new LinkedHashMap<>();
    Map<String, Share> shares = parts(metric, contents);
    boolean known =
        shares.values().stream()
            .allMatch(share -> share.requests() == 0 || times.of().apply(share).frame() != null);
    // A record that was too large goes without the split: then the whole is counted as one.
    (known ? shares : Map.of(WHOLE, contents.all()))
        .forEach(
            (part, share) -> {
              Contents.Times value = times.of().apply(share);
              if (value.frame() != null) {
                parts.put(part, value);
              }
            });
    return parts;
  }

  private static Map<String, Share> parts(MetricSpec metric, Contents contents) {
    if (metric.statusLabel() == null) {
      return Map.of(WHOLE, contents.all());
    }
    Map<String, Share> parts = new LinkedHashMap<>();
    contents.byStatus().forEach((status, share) -> parts.put(String.valueOf(status), share));
    return parts;
  }

  private Counter counter(MetricSpec metric, String part, long startMicros, List<Point> into) {
    return (Counter)
        slots.computeIfAbsent(
            new Slot(metric, part),
            unused -> born(new Counter(metric.name(), labels(metric, part)), startMicros, into));
  }

  private Distribution distribution(
      MetricSpec metric, String part, long startMicros, List<Point> into) {
    return (Distribution)
        slots.computeIfAbsent(
            new Slot(metric, part),
            unused -> {
              Map<String, String> all = with(metric, part);
              return born(
                  new Distribution(
                      labels(metric, part),
                      ClassicLabels.of(metric.name(), all, shape.target(), shape.buckets()),
                      shape.histograms(),
                      shape.buckets()),
                  startMicros,
                  into);
            });
  }

  private Gauge gauge(MetricSpec metric) {
    return (Gauge)
        slots.computeIfAbsent(
            new Slot(metric, WHOLE), unused -> new Gauge(metric.name(), labels(metric, WHOLE)));
  }

  /** A first value of zero, without which {@code increase()} would miss what came first. */
  private static TimeSeries born(TimeSeries fresh, long startMicros, List<Point> into) {
    fresh.write(TimeUnit.MICROSECONDS.toMillis(startMicros), into);
    return fresh;
  }

  private Labels labels(MetricSpec metric, String part) {
    return Labels.of(metric.name(), with(metric, part), shape.target());
  }

  private Map<String, String> with(MetricSpec metric, String part) {
    String splitLabel = metric.splitLabel();
    if (splitLabel == null || part.isEmpty()) {
      return labels;
    }
    Map<String, String> all = new LinkedHashMap<>(labels);
    all.put(splitLabel, part);
    return all;
  }

  private void writeChanged(long millis, List<Point> into) {
    for (TimeSeries each : slots.values()) {
      if (each.isChanged()) {
        each.write(millis, into);
      }
    }
  }

  /** Writes what is new but was not written, and what was silent for too long to be seen. */
  void refresh(long millis, long silentSinceMillis, List<Point> into) {
    for (TimeSeries each : slots.values()) {
      if (!each.wasWrittenBefore(millis)) {
        continue;
      }
      if (each.isChanged()) {
        each.write(millis, into);
      } else if (each.wasWrittenBefore(silentSinceMillis)) {
        each.refresh(millis, into);
      }
    }
  }

  void expose(Map<MetricSpec, List<Sample>> into) {
    slots.forEach(
        (slot, series) ->
            series.expose(into.computeIfAbsent(slot.metric(), unused -> new ArrayList<>())));
  }
}
