package io.tailrace.aggregator.window;

import io.tailrace.record.Series;
import io.tailrace.wire.SampleBatchReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The series of one run, numbered in the order in which they were first seen. */
public final class SeriesTable {
  /** The number of the series that is the whole run. */
  public static final int RUN = 0;

  /** The number of the series that takes what is beyond the limit. */
  public static final int OTHER = 1;

  public static final String RUN_NAME = "*";
  public static final String OTHER_NAME = "__other__";

  private static final int FIRST = 2;

  private final int limit;
  private final List<Series> series = new ArrayList<>();
  private final List<byte[]> encoded = new ArrayList<>();
  private final Map<ByteBuffer, Integer> byContent = new HashMap<>();
  private final SliceTable bySlice;
  private boolean overflowing;

  public SeriesTable(int limit) {
    this.limit = limit;
    bySlice = new SliceTable(4 * limit);
    add(new Series(RUN_NAME, "", "", Map.of()));
    add(new Series(OTHER_NAME, "", "", Map.of()));
  }

  /** The number of a batch's series; decodes it only when these bytes were never seen. */
  int numberOf(SampleBatchReader batch, int index) {
    byte[] bytes = batch.bytes();
    int offset = batch.seriesOffset(index);
    int length = batch.seriesLength(index);
    int known = bySlice.get(bytes, offset, length);
    if (known != SliceTable.ABSENT) {
      return known;
    }
    Series clean = clean(batch.series(index));
    Integer same = byContent.get(ByteBuffer.wrap(encode(clean)));
    if (same == null && series.size() - FIRST >= limit) {
      overflowing = true;
      return OTHER;
    }
    int number = same == null ? add(clean) : same;
    bySlice.put(bytes, offset, length, number);
    return number;
  }

  /** How many numbers are given, the two fixed ones included. */
  public int size() {
    return series.size();
  }

  /** How many series of its own the run has. */
  public int ownSeries() {
    return series.size() - FIRST;
  }

  /** Whether a series has ever been turned away. */
  public boolean isOverflowing() {
    return overflowing;
  }

  public Series series(int number) {
    return series.get(number);
  }

  /** The series as Avro writes it. */
  public byte[] encoded(int number) {
    return encoded.get(number);
  }

  /** Writes the series from this number on as state. */
  public void writeTo(ByteWriter state, int from, int to) {
    for (int number = from; number < to; number++) {
      Series one = series.get(number);
      state.writeString(one.getName());
      state.writeString(one.getMethod());
      state.writeString(one.getGroup());
      state.writeUnsigned(one.getTags().size());
      one.getTags()
          .forEach(
              (key, value) -> {
                state.writeString(key);
                state.writeString(value);
              });
    }
  }

  /** Adds the series that {@link #writeTo} wrote, in the same order. */
  public void readFrom(ByteReader state) {
    while (state.hasMore()) {
      String name = state.readString();
      String method = state.readString();
      String group = state.readString();
      Map<String, String> tags = new TreeMap<>();
      for (long rest = state.readUnsigned(); rest > 0; rest--) {
        tags.put(state.readString(), state.readString());
      }
      add(new Series(name, method, group, tags));
    }
  }

  private int add(Series one) {
    int number = series.size();
    byte[] bytes = encode(one);
    series.add(one);
    encoded.add(bytes);
    byContent.put(ByteBuffer.wrap(bytes), number);
    return number;
  }

  /** Two spellings of one series, such as tags in another order, become the same. */
  private static Series clean(Series raw) {
    Map<String, String> tags = CleanText.of(raw.getTags());
    // Only the whole run is called that; a request of this name must not pass for it.
    String name = raw.getName().equals(RUN_NAME) ? "(*)" : CleanText.of(raw.getName());
    return new Series(name, CleanText.of(raw.getMethod()), CleanText.of(raw.getGroup()), tags);
  }

  private static byte[] encode(Series one) {
    ByteWriter out = new ByteWriter(64);
    out.writeString(one.getName());
    out.writeString(one.getMethod());
    out.writeString(one.getGroup());
    out.writeMap(one.getTags(), out::writeString);
    return out.toByteArray();
  }
}
