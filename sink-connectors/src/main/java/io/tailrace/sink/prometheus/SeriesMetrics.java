package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.core.MetricNames;
import io.tailrace.sink.prometheus.Contents.StatusPart;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time series that one series of a run becomes. A correction of a window that was written is
 * what it has more than before, and is in the next value: counts stay exact and never go back.
 */
final class SeriesMetrics {
  // The aggregator re-opens windows of the last 60 s; one more window may be on its way.
  private static final long REMEMBERED_MICROS = TimeUnit.SECONDS.toMicros(65);
  private static final int MOST_REMEMBERED_BYTES = 8 << 20;
  private static final String WHOLE = "";

  /** A metric and its time series: of all requests, of a status, which is a number, of an error. */
  private record Shown(MetricSpec metric, Map<Object, TimeSeries> parts) {}

  private final List<Shown> metrics;
  private final boolean showsLatest;
  private final Contents.Wanted wanted;
  private final Map<String, String> labels;
  private final RunShape shape;
  private final Scratch scratch;
  private final Corrections corrections;
  private final List<TimeSeries> timeSeries = new ArrayList<>();
  private final RememberedWindows remembered = new RememberedWindows();
  private long lastEndMicros = Long.MIN_VALUE;

  SeriesMetrics(
      List<MetricSpec> metrics,
      Map<String, String> labels,
      RunShape shape,
      Scratch scratch,
      Corrections corrections) {
    this.metrics = metrics.stream().map(each -> new Shown(each, new LinkedHashMap<>())).toList();
    showsLatest = metrics.stream().anyMatch(each -> each.measure() instanceof Measure.Latest);
    wanted =
        new Contents.Wanted(
            metrics.stream()
                .anyMatch(
                    each -> each.measure() instanceof Measure.Times times && times.ofService()),
            metrics.stream()
                .anyMatch(
                    each -> each.measure() instanceof Measure.Times && each.statusLabel() != null));
    this.labels = labels;
    this.shape = shape;
    this.scratch = scratch;
    this.corrections = corrections;
  }

  /** Takes a window, a correction of one, or what came too late for one. */
  void window(Aggregate window, List<Point> into) {
    long start = window.getWindowStartMicros();
    long end = start + window.getWindowMicros();
    Contents now = Contents.of(window, wanted, scratch.frames());
    Contents before = before(window, now);
    if (before == null) {
      corrections.unknown++;
      return;
    }
    boolean isNext = end > lastEndMicros;
    Map<String, Number> values = showsLatest ? MetricNames.of(window) : Map.of();
    for (Shown shown : metrics) {
      if (shown.metric().measure() instanceof Measure.Latest latest) {
        Number value = values.get(latest.name());
        if (value != null && isNext) {
          gauge(shown).set(value.doubleValue() * latest.factor());
        }
      } else {
        count(shown, now, before, start, into);
      }
    }
    if (showsLatest && !isNext) {
      corrections.notShown++;
    }
    if (isNext) {
      lastEndMicros = end;
      writeChanged(TimeUnit.MICROSECONDS.toMillis(end), into);
      remembered.forget(end - REMEMBERED_MICROS - window.getWindowMicros(), MOST_REMEMBERED_BYTES);
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
    remembered.put(window.getWindowStartMicros(), scratch.contents().write(now));
    return before == null ? Contents.NOTHING : before;
  }

  private void count(
      Shown shown, Contents now, Contents before, long startMicros, List<Point> into) {
    Measure measure = shown.metric().measure();
    if (measure instanceof Measure.Times times) {
      if (shown.metric().statusLabel() == null) {
        distribution(
            shown, times.of().apply(now.all()), times.of().apply(before.all()), startMicros, into);
      } else {
        distributions(shown, times, now, before, startMicros, into);
      }
    } else if (measure instanceof Measure.Count count && shown.metric().statusLabel() != null) {
      for (StatusPart part : now.byStatus()) {
        long more =
            count.of().applyAsLong(part.share())
                - count.of().applyAsLong(before.ofStatus(part.status()));
        counter(shown, part.status(), startMicros, into).add(more);
      }
    } else if (measure instanceof Measure.ErrorKinds && shown.metric().errorLabel() != null) {
      now.errorKinds()
          .forEach(
              (kind, value) ->
                  counter(shown, kind, startMicros, into)
                      .add(value - before.errorKinds().getOrDefault(kind, 0L)));
    } else {
      counter(shown, WHOLE, startMicros, into).add(whole(measure, now) - whole(measure, before));
    }
  }

  private void distribution(
      Shown shown, Contents.Times now, Contents.Times before, long startMicros, List<Point> into) {
    if (now.frame() == null) {
      if (before.frame() != null) {
        corrections.unknown++;
      }
      return;
    }
    Distribution distribution = distribution(shown, WHOLE, startMicros, into);
    add(distribution, now, 1);
    add(distribution, before, -1);
  }

  private void distributions(
      Shown shown,
      Measure.Times times,
      Contents now,
      Contents before,
      long startMicros,
      List<Point> into) {
    Map<Object, Contents.Times> after = byStatus(times, now);
    Map<Object, Contents.Times> until = byStatus(times, before);
    if (!after.keySet().containsAll(until.keySet())) {
      corrections.unknown++;
      return;
    }
    after.forEach((part, value) -> add(distribution(shown, part, startMicros, into), value, 1));
    until.forEach((part, value) -> add(distribution(shown, part, startMicros, into), value, -1));
  }

  private void add(Distribution distribution, Contents.Times times, int sign) {
    ByteBuffer frame = times.frame();
    if (frame != null) {
      distribution.add(scratch.frames().read(frame), times.sumMicros(), sign);
    }
  }

  /** The whole run is told: what is missing is added, and everything comes to its end. */
  void total(Aggregate total, List<Point> into) {
    Contents known = Contents.of(total, wanted, scratch.frames());
    long startMicros = total.getWindowStartMicros();
    for (Shown shown : metrics) {
      raise(shown, known, startMicros, into);
    }
    long endMillis = TimeUnit.MICROSECONDS.toMillis(startMicros + total.getWindowMicros());
    timeSeries.forEach(each -> each.end(endMillis, into));
  }

  private void raise(Shown shown, Contents known, long startMicros, List<Point> into) {
    Measure measure = shown.metric().measure();
    if (measure instanceof Measure.Times times) {
      (shown.metric().statusLabel() == null ? all(times, known) : byStatus(times, known))
          .forEach(
              (part, value) -> {
                ByteBuffer frame = value.frame();
                if (frame != null) {
                  corrections.atTheEnd(
                      distribution(shown, part, startMicros, into)
                          .raiseTo(scratch.frames().read(frame), value.sumMicros()));
                }
              });
    } else if (measure instanceof Measure.Count count && shown.metric().statusLabel() != null) {
      for (StatusPart part : known.byStatus()) {
        raise(shown, part.status(), count.of().applyAsLong(part.share()), startMicros, into);
      }
    } else if (measure instanceof Measure.ErrorKinds && shown.metric().errorLabel() != null) {
      known.errorKinds().forEach((kind, value) -> raise(shown, kind, value, startMicros, into));
    } else if (!(measure instanceof Measure.Latest)) {
      raise(shown, WHOLE, whole(measure, known), startMicros, into);
    }
  }

  private void raise(Shown shown, Object part, long known, long startMicros, List<Point> into) {
    corrections.atTheEnd(counter(shown, part, startMicros, into).raiseTo(known));
  }

  /** What is counted of all requests together. */
  private static long whole(Measure measure, Contents contents) {
    if (measure instanceof Measure.Bytes bytes) {
      return bytes.of().applyAsLong(contents);
    }
    return measure instanceof Measure.Count count
        ? count.of().applyAsLong(contents.all())
        : contents.all().errors();
  }

  private static Map<Object, Contents.Times> all(Measure.Times times, Contents contents) {
    return Map.of(WHOLE, times.of().apply(contents.all()));
  }

  private static Map<Object, Contents.Times> byStatus(Measure.Times times, Contents contents) {
    Map<Object, Contents.Times> parts = new LinkedHashMap<>();
    for (StatusPart part : contents.byStatus()) {
      Contents.Times value = times.of().apply(part.share());
      if (value.frame() != null) {
        parts.put(part.status(), value);
      } else if (part.share().requests() > 0) {
        // A record that was too large goes without the split: then the whole is counted as one.
        Contents.Times whole = times.of().apply(contents.all());
        return whole.frame() == null ? Map.of() : Map.of(WHOLE, whole);
      }
    }
    return parts;
  }

  private Counter counter(Shown shown, Object part, long startMicros, List<Point> into) {
    TimeSeries known = shown.parts().get(part);
    return (Counter)
        (known == null
            ? born(
                shown,
                part,
                new Counter(shown.metric().name(), labels(shown.metric(), part)),
                startMicros,
                into)
            : known);
  }

  private Distribution distribution(Shown shown, Object part, long startMicros, List<Point> into) {
    TimeSeries known = shown.parts().get(part);
    if (known != null) {
      return (Distribution) known;
    }
    MetricSpec metric = shown.metric();
    Distribution fresh =
        new Distribution(
            labels(metric, part),
            ClassicLabels.of(metric.name(), with(metric, part), shape.target(), shape.buckets()),
            shape.histograms(),
            shape.buckets(),
            scratch.histograms());
    return (Distribution) born(shown, part, fresh, startMicros, into);
  }

  private Gauge gauge(Shown shown) {
    TimeSeries known = shown.parts().get(WHOLE);
    if (known == null) {
      known = new Gauge(shown.metric().name(), labels(shown.metric(), WHOLE));
      keep(shown, WHOLE, known);
    }
    return (Gauge) known;
  }

  /** A first value of zero, without which {@code increase()} would miss what came first. */
  private TimeSeries born(
      Shown shown, Object part, TimeSeries fresh, long startMicros, List<Point> into) {
    keep(shown, part, fresh);
    fresh.write(TimeUnit.MICROSECONDS.toMillis(startMicros), into);
    return fresh;
  }

  private void keep(Shown shown, Object part, TimeSeries fresh) {
    shown.parts().put(part, fresh);
    timeSeries.add(fresh);
  }

  private Labels labels(MetricSpec metric, Object part) {
    return Labels.of(metric.name(), with(metric, part), shape.target());
  }

  private Map<String, String> with(MetricSpec metric, Object part) {
    String splitLabel = metric.splitLabel();
    if (splitLabel == null || part.equals(WHOLE)) {
      return labels;
    }
    Map<String, String> all = new LinkedHashMap<>(labels);
    all.put(splitLabel, part.toString());
    return all;
  }

  private void writeChanged(long millis, List<Point> into) {
    for (TimeSeries each : timeSeries) {
      if (each.isChanged()) {
        each.write(millis, into);
      }
    }
  }

  /** Writes what is new but was not written, and what was silent for too long to be seen. */
  void refresh(long millis, long silentSinceMillis, List<Point> into) {
    for (TimeSeries each : timeSeries) {
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
    for (Shown shown : metrics) {
      List<Sample> samples = into.computeIfAbsent(shown.metric(), unused -> new ArrayList<>());
      shown.parts().values().forEach(series -> series.expose(samples));
    }
  }
}
