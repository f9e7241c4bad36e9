package io.tailrace.sink.slack;

import io.tailrace.record.Aggregate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The 95th percentile over runs that are going on, drawn with eight blocks; a column is the worst
 * of its windows. What it does not remember, it does not draw.
 */
final class Sparkline {
  private static final String BLOCKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
  private static final int COLUMNS = 40;
  private static final int MOST_RUNS = 100;
  private static final int MOST_WINDOWS = 4 * COLUMNS;
  private static final long SECOND = 1_000_000;

  /** The worst value by the number of the span that it fell in, spans growing with the run. */
  private static final class Curve {
    private TreeMap<Long, Double> values = new TreeMap<>();
    private long spanMicros = SECOND;

    void add(long startMicros, double millis) {
      values.merge(Math.floorDiv(startMicros, spanMicros), millis, Math::max);
      while (values.size() > MOST_WINDOWS) {
        TreeMap<Long, Double> wider = new TreeMap<>();
        values.forEach((span, value) -> wider.merge(Math.floorDiv(span, 2), value, Math::max));
        values = wider;
        spanMicros *= 2;
      }
    }
  }

  private final Map<String, Curve> runs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Curve> eldest) {
          return size() > MOST_RUNS;
        }
      };

  void add(Aggregate window) {
    boolean wanted =
        !window.getTotal()
            && window.getSeries().getName().equals("*")
            && window.getWindowMicros() == SECOND
            && window.getResponseTime() != null;
    if (wanted) {
      runs.computeIfAbsent(window.getRun(), unused -> new Curve())
          .add(window.getWindowStartMicros(), window.getResponseTime().getP95Micros() / 1_000.0);
    }
  }

  /** The curve of a run and its bounds on one line; empty when there is nothing to see. */
  String draw(String run) {
    Curve curve = runs.get(run);
    if (curve == null || curve.values.size() < 2) {
      return "";
    }
    Collection<Double> values = curve.values.values();
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    int columns = Math.min(COLUMNS, values.size());
    double[] worst = new double[columns];
    int i = 0;
    for (double value : values) {
      int column = (int) ((long) i * columns / values.size());
      worst[column] = Math.max(worst[column], value);
      i++;
    }
    StringBuilder line = new StringBuilder("p95 ");
    for (double value : worst) {
      double share = most > least ? (value - least) / (most - least) : 0;
      line.append(BLOCKS.charAt((int) Math.min(7, share * 8)));
    }
    return line + String.format(Locale.ROOT, " %.0f to %.0f ms", least, most);
  }

  void forget(String run) {
    runs.remove(run);
  }
}
