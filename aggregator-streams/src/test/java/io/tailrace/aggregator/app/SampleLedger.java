package io.tailrace.aggregator.app;

import io.tailrace.record.Aggregate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Every value that was published, by window and series: raw, never a histogram. */
final class SampleLedger {
  private static final long[] WIDTHS = {1_000_000, 10_000_000, 60_000_000};

  /** One series in one window; a total has a width of 0. */
  record Cell(String series, long startMicros, long widthMicros) {}

  private static final class Values {
    long[] values = new long[64];
    int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }
  }

  private final Map<Cell, Values> cells = new HashMap<>();
  private final AtomicLong total = new AtomicLong();

  void add(String series, long endMicros, long responseMicros) {
    total.incrementAndGet();
    for (String name : new String[] {series, "*"}) {
      for (long width : WIDTHS) {
        long start = Math.floorDiv(endMicros, width) * width;
        values(new Cell(name, start, width)).add(responseMicros);
      }
      values(new Cell(name, 0, 0)).add(responseMicros);
    }
  }

  private Values values(Cell cell) {
    return cells.computeIfAbsent(cell, absent -> new Values());
  }

  long total() {
    return total.get();
  }

  Map<Cell, long[]> sorted() {
    Map<Cell, long[]> sorted = new HashMap<>();
    cells.forEach(
        (cell, values) -> {
          long[] exact = Arrays.copyOf(values.values, values.size);
          Arrays.sort(exact);
          sorted.put(cell, exact);
        });
    return sorted;
  }

  static Cell cellOf(Aggregate one) {
    return one.getTotal()
        ? new Cell(one.getSeries().getName(), 0, 0)
        : new Cell(one.getSeries().getName(), one.getWindowStartMicros(), one.getWindowMicros());
  }

  /** What a list of aggregates comes to: the latest revision of each, supplements added. */
  static Map<Cell, Long> requests(Iterable<Aggregate> aggregates) {
    Map<Cell, Long> latest = new TreeMap<>(java.util.Comparator.comparing(Cell::toString));
    Map<Cell, Integer> revisions = new HashMap<>();
    Map<Cell, Long> supplements = new HashMap<>();
    for (Aggregate one : aggregates) {
      Cell cell = cellOf(one);
      if (one.getSupplement()) {
        supplements.merge(cell, one.getRequests(), Long::sum);
      } else if (one.getRevision() >= revisions.getOrDefault(cell, -1)) {
        revisions.put(cell, one.getRevision());
        latest.put(cell, one.getRequests());
      }
    }
    supplements.forEach((cell, requests) -> latest.merge(cell, requests, Long::sum));
    latest.values().removeIf(requests -> requests == 0);
    return latest;
  }
}
