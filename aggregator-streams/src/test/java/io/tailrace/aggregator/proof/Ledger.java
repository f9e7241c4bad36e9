package io.tailrace.aggregator.proof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongBiFunction;

/** Every value that was published, by run, series and second: what the results are held against. */
final class Ledger {
  static final String WHOLE_RUN = "*";
  private static final long SECOND = 1_000_000L;
  private static final long HOUR = 3_600_000_000L;

  /** Whose clock. */
  private record Clock(String run, String node) {}

  private record Timed(String series, Sample sample) {}

  /** Which window of which series. */
  record Cell(String run, String series, long startMicros, long windowMicros, boolean total)
      implements Comparable<Cell> {
    private static final Comparator<Cell> ORDER =
        Comparator.comparing(Cell::run)
            .thenComparing(Cell::series)
            .thenComparing(Cell::total)
            .thenComparing(Cell::windowMicros)
            .thenComparing(Cell::startMicros);

    @Override
    public int compareTo(Cell other) {
      return ORDER.compare(this, other);
    }
  }

  /** The values of one cell, as raw as they were published. */
  static final class Values {
    private long[] response = new long[16];
    private long[] service = new long[16];
    private int size;
    long errors;
    long delaySum;
    long delayMax;
    long bytesSent;
    long bytesReceived;
    final Map<Integer, Long> byStatus = new TreeMap<>();
    final Map<String, Long> errorKinds = new TreeMap<>();

    private void add(long responseMicros, long serviceMicros) {
      if (size == response.length) {
        response = Arrays.copyOf(response, size * 2);
        service = Arrays.copyOf(service, size * 2);
      }
      response[size] = responseMicros;
      service[size++] = serviceMicros;
    }

    private void addAll(Values other) {
      for (int i = 0; i < other.size; i++) {
        add(other.response[i], other.service[i]);
      }
      errors += other.errors;
      delaySum += other.delaySum;
      delayMax = Math.max(delayMax, other.delayMax);
      bytesSent += other.bytesSent;
      bytesReceived += other.bytesReceived;
      other.byStatus.forEach((status, count) -> byStatus.merge(status, count, Long::sum));
      other.errorKinds.forEach((kind, count) -> errorKinds.merge(kind, count, Long::sum));
    }

    int requests() {
      return size;
    }

    long[] sortedResponse() {
      return sorted(response);
    }

    long[] sortedService() {
      return sorted(service);
    }

    private long[] sorted(long[] values) {
      long[] sorted = Arrays.copyOf(values, size);
      Arrays.sort(sorted);
      return sorted;
    }
  }

  private final Map<Cell, Values> seconds = new TreeMap<>();
  private final Map<String, Long> duplicates = new TreeMap<>();
  private final Map<Clock, List<Timed>> uncorrected = new HashMap<>();
  private long samples;

  void add(String run, String series, Sample sample) {
    long start = Math.floorDiv(sample.endMicros(), SECOND) * SECOND;
    Values values =
        seconds.computeIfAbsent(new Cell(run, series, start, SECOND, false), any -> new Values());
    // A request takes a microsecond at least, and as much longer as it was late.
    long service = clamp(sample.latencyMicros());
    values.add(clamp(service + sample.delayMicros()), service);
    values.delaySum += sample.delayMicros();
    values.delayMax = Math.max(values.delayMax, sample.delayMicros());
    values.bytesSent += sample.bytesSent();
    values.bytesReceived += sample.bytesReceived();
    values.byStatus.merge(sample.outcome().status(), 1L, Long::sum);
    String error = sample.outcome().error();
    if (error != null) {
      values.errors++;
      values.errorKinds.merge(error, 1L, Long::sum);
    }
    samples++;
  }

  /** A sample that belongs in some window only once it is known how wrong the node's clock is. */
  void addByAWrongClock(String run, String node, String series, Sample sample) {
    uncorrected
        .computeIfAbsent(new Clock(run, node), any -> new ArrayList<>())
        .add(new Timed(series, sample));
  }

  /** Puts what was measured by wrong clocks where it belongs by these corrections. */
  void correct(ToLongBiFunction<String, String> byRunAndNode) {
    uncorrected.forEach(
        (clock, samples) -> {
          long correction = byRunAndNode.applyAsLong(clock.run, clock.node);
          samples.forEach(one -> add(clock.run, one.series, one.sample.shifted(correction)));
        });
    uncorrected.clear();
  }

  void addDuplicate(String run) {
    duplicates.merge(run, 1L, Long::sum);
  }

  /** This ledger and one of other runs. */
  Ledger with(Ledger other) {
    Ledger both = new Ledger();
    for (Ledger one : List.of(this, other)) {
      both.seconds.putAll(one.seconds);
      both.duplicates.putAll(one.duplicates);
      both.samples += one.samples;
    }
    return both;
  }

  long samples() {
    return samples;
  }

  long samples(String run) {
    return seconds.entrySet().stream()
        .filter(entry -> entry.getKey().run().equals(run))
        .mapToLong(entry -> entry.getValue().requests())
        .sum();
  }

  long duplicates(String run) {
    return duplicates.getOrDefault(run, 0L);
  }

  List<String> runs() {
    return List.copyOf(
        seconds.keySet().stream()
            .map(Cell::run)
            .collect(TreeSet::new, TreeSet::add, TreeSet::addAll));
  }

  /** Every window of these lengths that holds anything, of every series and of the whole run. */
  Map<Cell, Values> windows(long... windowMicros) {
    Map<Cell, Values> windows = new TreeMap<>();
    for (long micros : windowMicros) {
      seconds.forEach(
          (second, values) -> {
            long start = Math.floorDiv(second.startMicros(), micros) * micros;
            for (String series : List.of(second.series(), WHOLE_RUN)) {
              Cell cell = new Cell(second.run(), series, start, micros, false);
              windows.computeIfAbsent(cell, any -> new Values()).addAll(values);
            }
          });
    }
    return windows;
  }

  /** The totals of every series and of the whole run; start and length are left open. */
  Map<Cell, Values> totals() {
    Map<Cell, Values> totals = new TreeMap<>();
    seconds.forEach(
        (second, values) -> {
          for (String series : List.of(second.series(), WHOLE_RUN)) {
            Cell cell = new Cell(second.run(), series, 0, 0, true);
            totals.computeIfAbsent(cell, any -> new Values()).addAll(values);
          }
        });
    return totals;
  }

  private static long clamp(long micros) {
    return Math.max(1, Math.min(HOUR, micros));
  }
}
