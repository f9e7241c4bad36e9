package io.tailrace.aggregator.proof;

import io.tailrace.aggregator.proof.Ledger.Cell;
import io.tailrace.aggregator.proof.Ledger.Values;
import io.tailrace.aggregator.proof.Results.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Holds every window and total against the ledger's raw values, and counts what differs. */
final class Comparison {
  private static final long SECOND = 1_000_000L;
  private static final int MESSAGES_KEPT = 25;
  private static final int MESSAGE_LENGTH = 300;
  private static final double PRECISION = 1e-3;
  private static final Map<String, Integer> THOUSANDTHS =
      Map.of(
          "p50Micros", 500,
          "p75Micros", 750,
          "p90Micros", 900,
          "p95Micros", 950,
          "p99Micros", 990,
          "p999Micros", 999);

  private final List<String> messages = new ArrayList<>();
  private long cells;
  private long wrongCells;
  private long expectedSamples;
  private long countedSamples;
  private long faults;

  private Comparison() {}

  static Comparison of(Ledger ledger, Results results) {
    Comparison comparison = new Comparison();
    Map<Cell, Values> expected = new TreeMap<>(ledger.windows(SECOND, 10 * SECOND, 60 * SECOND));
    expected.putAll(ledger.totals());
    expected.forEach(
        (cell, values) -> comparison.compare(cell, values, results.windows().get(cell)));
    results
        .windows()
        .forEach(
            (cell, window) -> {
              if (!expected.containsKey(cell) && window.sum("requests") > 0) {
                comparison.fault(cell + ": " + window.sum("requests") + " requests from nowhere");
              }
            });
    results.faults().forEach(comparison::fault);
    return comparison;
  }

  /** Everything that is wrong in any way: differing windows, doubled or missing ones. */
  long differences() {
    return wrongCells + faults;
  }

  /** Requests in the whole runs' seconds that the results lack; negative when there are more. */
  long missingSamples() {
    return expectedSamples - countedSamples;
  }

  @Override
  public String toString() {
    return countedSamples
        + " of "
        + expectedSamples
        + " samples counted; "
        + cells
        + " windows compared, "
        + wrongCells
        + " differ, "
        + faults
        + " other faults"
        + (messages.isEmpty() ? "" : "\n  " + String.join("\n  ", messages));
  }

  private void compare(Cell cell, Values expected, @Nullable Window actual) {
    cells++;
    boolean counts = cell.series().equals(Ledger.WHOLE_RUN) && cell.windowMicros() == SECOND;
    if (counts) {
      expectedSamples += expected.requests();
    }
    if (actual == null) {
      wrong(cell, "is missing with " + expected.requests() + " requests");
      return;
    }
    if (counts) {
      countedSamples += actual.sum("requests");
    }
    String difference = difference(expected, actual);
    if (!difference.isEmpty()) {
      wrong(cell, difference);
    }
  }

  private static String difference(Values expected, Window actual) {
    StringBuilder found = new StringBuilder();
    equal(found, "requests", expected.requests(), actual.sum("requests"));
    if (actual.sum("requests") == 0) {
      return found.toString();
    }
    equal(found, "errors", expected.errors, actual.sum("errors"));
    equal(found, "bytesSent", expected.bytesSent, actual.sum("bytesSent"));
    equal(found, "bytesReceived", expected.bytesReceived, actual.sum("bytesReceived"));
    equal(found, "byStatus", expected.byStatus, actual.byStatus());
    equal(found, "errorKinds", expected.errorKinds, actual.errorKinds());
    compare(found, "responseTime", expected.sortedResponse(), actual, false);
    compare(found, "serviceTime", expected.sortedService(), actual, true);
    if (actual.supplements.isEmpty()) {
      GenericRecord last = actual.last();
      equal(found, "latenessMax", expected.delayMax, last.get("latenessMaxMicros"));
      close(
          found,
          "latenessMean",
          (double) expected.delaySum / expected.requests(),
          (Double) last.get("latenessMeanMicros"),
          1e-9);
    }
    return found.toString();
  }

  private static void compare(
      StringBuilder found, String field, long[] sorted, Window actual, boolean service) {
    Histogram histogram = actual.histogram(service);
    equal(found, field + " in histogram", (long) sorted.length, histogram.getTotalCount());
    if (histogram.getTotalCount() > 0) {
      for (int thousandths : THOUSANDTHS.values()) {
        close(
            found,
            field + " " + thousandths + " of histogram",
            nearestRank(sorted, thousandths),
            (double) histogram.getValueAtPercentile(thousandths / 10.0),
            PRECISION);
      }
    }
    GenericRecord statistics = (GenericRecord) actual.last().get(field);
    if (!actual.supplements.isEmpty() || statistics == null) {
      return;
    }
    long sum = 0;
    for (long value : sorted) {
      sum += value;
    }
    double mean = (Double) statistics.get("meanMicros");
    equal(found, field + " sum", sum, Math.round(mean * sorted.length));
    equal(found, field + " min", sorted[0], statistics.get("minMicros"));
    equal(found, field + " max", sorted[sorted.length - 1], statistics.get("maxMicros"));
    THOUSANDTHS.forEach(
        (name, thousandths) ->
            close(
                found,
                field + " " + name,
                nearestRank(sorted, thousandths),
                ((Long) statistics.get(name)).doubleValue(),
                PRECISION));
    double squares = 0;
    for (long value : sorted) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(squares / sorted.length);
    double actualDeviation = (Double) statistics.get("stdevMicros");
    if (Math.abs(actualDeviation - deviation) > PRECISION * (deviation + mean)) {
      found.append(" stdev of ").append(field).append(' ').append(actualDeviation);
      found.append(", expected ").append(deviation).append(';');
    }
  }

  private static double nearestRank(long[] sorted, int thousandths) {
    return sorted[(int) (((long) sorted.length * thousandths + 999) / 1000) - 1];
  }

  private static void equal(StringBuilder found, String what, Object expected, Object actual) {
    Object wide = expected instanceof Integer number ? Long.valueOf(number) : expected;
    if (!Objects.equals(wide, actual)) {
      found.append(' ').append(what).append(' ').append(actual);
      found.append(", expected ").append(expected).append(';');
    }
  }

  private static void close(
      StringBuilder found, String what, double expected, double actual, double precision) {
    if (Math.abs(actual - expected) > precision * Math.abs(expected)) {
      found.append(' ').append(what).append(' ').append(actual);
      found.append(", expected ").append(expected).append(';');
    }
  }

  private void wrong(Cell cell, String difference) {
    wrongCells++;
    keep(cell + ":" + difference.substring(0, Math.min(difference.length(), MESSAGE_LENGTH)));
  }

  private void fault(String message) {
    faults++;
    keep(message);
  }

  private void keep(String message) {
    if (messages.size() < MESSAGES_KEPT) {
      messages.add(message);
    }
  }
}
