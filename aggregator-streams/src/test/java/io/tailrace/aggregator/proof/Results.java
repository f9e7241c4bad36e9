package io.tailrace.aggregator.proof;

import io.tailrace.aggregator.proof.Ledger.Cell;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** What the aggregator wrote, read as anybody could: generic records, revisions put in order. */
final class Results {
  private static final int FRAME_HEADER_BYTES = 13;

  /** What is known of one window: its last revision, and what came too late for any. */
  static final class Window {
    private @Nullable GenericRecord last;
    final List<GenericRecord> supplements = new ArrayList<>();
    int revisions;

    GenericRecord last() {
      GenericRecord record = last;
      if (record == null) {
        throw new AssertionError("a supplement of a window that never closed");
      }
      return record;
    }

    private Iterable<GenericRecord> all() {
      List<GenericRecord> all = new ArrayList<>(supplements);
      all.add(0, last());
      return all;
    }

    long sum(String field) {
      long sum = 0;
      for (GenericRecord record : all()) {
        Object value = record.get(field);
        sum += value == null ? 0 : (Long) value;
      }
      return sum;
    }

    Map<Integer, Long> byStatus() {
      Map<Integer, Long> counts = new TreeMap<>();
      for (GenericRecord record : all()) {
        for (Object share : (List<?>) record.get("byStatus")) {
          GenericRecord one = (GenericRecord) share;
          counts.merge((Integer) one.get("status"), (Long) one.get("requests"), Long::sum);
        }
      }
      return counts;
    }

    Map<String, Long> errorKinds() {
      Map<String, Long> counts = new TreeMap<>();
      for (GenericRecord record : all()) {
        ((Map<?, ?>) record.get("errorKinds"))
            .forEach((kind, count) -> counts.merge(kind.toString(), (Long) count, Long::sum));
      }
      return counts;
    }

    /** All response times, or service times, of the last revision and its supplements. */
    Histogram histogram(boolean service) {
      Histogram merged = new Histogram(1, 3_600_000_000L, 3);
      for (GenericRecord record : all()) {
        ByteBuffer framed = (ByteBuffer) record.get("serviceHistogram");
        if (framed == null || !service) {
          framed = (ByteBuffer) record.get("responseHistogram");
        }
        if (framed != null) {
          ByteBuffer v2 =
              framed.duplicate().position(framed.position() + FRAME_HEADER_BYTES).slice();
          merged.add(Histogram.decodeFromByteBuffer(v2, 0));
        }
      }
      return merged;
    }
  }

  private final Map<Cell, Window> windows = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private long records;

  /** Takes the next record of a partition; the order within a partition is that of the log. */
  void add(GenericRecord aggregate) {
    records++;
    boolean total = (Boolean) aggregate.get("total");
    GenericRecord series = (GenericRecord) aggregate.get("series");
    Cell cell =
        new Cell(
            aggregate.get("run").toString(),
            series.get("name").toString(),
            total ? 0 : (Long) aggregate.get("windowStartMicros"),
            total ? 0 : (Long) aggregate.get("windowMicros"),
            total);
    Window window = windows.computeIfAbsent(cell, any -> new Window());
    if ((Boolean) aggregate.get("supplement")) {
      window.supplements.add(aggregate);
      return;
    }
    int revision = (Integer) aggregate.get("revision");
    if (revision != window.revisions) {
      faults.add(cell + ": revision " + revision + " follows " + (window.revisions - 1));
    }
    window.revisions = revision + 1;
    window.last = aggregate;
  }

  Map<Cell, Window> windows() {
    return windows;
  }

  /** Revisions that came twice, or out of order. */
  List<String> faults() {
    return faults;
  }

  long records() {
    return records;
  }

  long revised() {
    return windows.values().stream().filter(window -> window.revisions > 1).count();
  }

  long supplements() {
    return windows.values().stream().mapToLong(window -> window.supplements.size()).sum();
  }
}
