package io.tailrace.wire;

import static io.tailrace.wire.WireLimits.MAX_NAME_BYTES;
import static io.tailrace.wire.WireLimits.MAX_OUTCOMES;
import static io.tailrace.wire.WireLimits.MAX_SERIES;
import static io.tailrace.wire.WireLimits.MAX_TAGS;

import io.tailrace.record.Series;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The series and outcomes of a batch that was read, as places in its bytes. */
final class BatchDictionaries {
  private static final int FEW = 64;
  private static final int NO_ERROR = -1;
  // Its name, method and group.
  private static final int SERIES_NAMES = 3;
  // Three empty strings and an empty map; five numbers of one byte.
  private static final int LEAST_SERIES_BYTES = 4;
  private static final int LEAST_OUTCOME_BYTES = 5;
  private static final int LEAST_TAG_BYTES = 2;
  private static final int OPTIONAL_BRANCHES = 2;

  private final ByteCursor in;
  private final NameCache names;
  private final ByteCursor slice = new ByteCursor();

  private int seriesCount;
  private int[] seriesOffset = new int[FEW];
  private int[] seriesLength = new int[FEW];

  private int outcomeCount;
  private int[] outcomeSeries = new int[FEW];
  private int[] outcomeStatus = new int[FEW];
  private int[] errorOffset = new int[FEW];
  private int[] errorLength = new int[FEW];
  private long[] sentBase = new long[FEW];
  private long[] receivedBase = new long[FEW];

  BatchDictionaries(ByteCursor in, NameCache names) {
    this.in = in;
    this.names = names;
  }

  void read() {
    seriesCount = 0;
    outcomeCount = 0;
    int count;
    while ((count = in.readBlock("series", MAX_SERIES - seriesCount, LEAST_SERIES_BYTES)) != 0) {
      growSeries(seriesCount + count);
      for (int i = 0; i < count; i++) {
        int start = in.position;
        skipSeries(in);
        seriesOffset[seriesCount] = start;
        seriesLength[seriesCount++] = in.position - start;
      }
    }
    while ((count = in.readBlock("outcomes", MAX_OUTCOMES - outcomeCount, LEAST_OUTCOME_BYTES))
        != 0) {
      growOutcomes(outcomeCount + count);
      for (int i = 0; i < count; i++) {
        readOutcome(outcomeCount);
        outcomeCount++;
      }
    }
  }

  private static void skipSeries(ByteCursor in) {
    // Nearly all are of short ASCII names without tags.
    if (in.skipPlain(SERIES_NAMES)) {
      return;
    }
    in.skipString("series.name", MAX_NAME_BYTES);
    in.skipString("series.method", MAX_NAME_BYTES);
    in.skipString("series.group", MAX_NAME_BYTES);
    int tags = 0;
    int count;
    while ((count = in.readBlock("series.tags", MAX_TAGS - tags, LEAST_TAG_BYTES)) != 0) {
      for (int i = 0; i < count; i++) {
        in.skipString("series.tags", MAX_NAME_BYTES);
        in.skipString("series.tags", MAX_NAME_BYTES);
      }
      tags += count;
    }
  }

  private void readOutcome(int o) {
    outcomeSeries[o] = in.readIndex("outcome.series", seriesCount);
    outcomeStatus[o] = in.readInt("outcome.status");
    if (in.readIndex("outcome.error", OPTIONAL_BRANCHES) == 1) {
      int before = in.position;
      in.skipString("outcome.error", MAX_NAME_BYTES);
      int end = in.position;
      in.position = before;
      errorLength[o] = in.readLength("outcome.error", MAX_NAME_BYTES);
      errorOffset[o] = in.position;
      in.position = end;
    } else {
      errorOffset[o] = NO_ERROR;
      errorLength[o] = 0;
    }
    sentBase[o] = in.readLong("outcome.bytesSent");
    receivedBase[o] = in.readLong("outcome.bytesReceived");
  }

  private void growSeries(int count) {
    if (count > seriesOffset.length) {
      int more = Math.max(count, seriesOffset.length * 2);
      seriesOffset = Arrays.copyOf(seriesOffset, more);
      seriesLength = Arrays.copyOf(seriesLength, more);
    }
  }

  private void growOutcomes(int count) {
    if (count > outcomeSeries.length) {
      int more = Math.max(count, outcomeSeries.length * 2);
      outcomeSeries = Arrays.copyOf(outcomeSeries, more);
      outcomeStatus = Arrays.copyOf(outcomeStatus, more);
      errorOffset = Arrays.copyOf(errorOffset, more);
      errorLength = Arrays.copyOf(errorLength, more);
      sentBase = Arrays.copyOf(sentBase, more);
      receivedBase = Arrays.copyOf(receivedBase, more);
    }
  }

  int seriesCount() {
    return seriesCount;
  }

  int seriesOffset(int i) {
    return seriesOffset[Objects.checkIndex(i, seriesCount)];
  }

  int seriesLength(int i) {
    return seriesLength[Objects.checkIndex(i, seriesCount)];
  }

  Series series(int i) {
    int offset = seriesOffset(i);
    slice.reset(in.bytes, offset, offset + seriesLength[i]);
    String name = slice.readString("series.name", MAX_NAME_BYTES);
    String method = slice.readString("series.method", MAX_NAME_BYTES);
    String group = slice.readString("series.group", MAX_NAME_BYTES);
    Map<String, String> tags = new LinkedHashMap<>();
    int count;
    while ((count = slice.readBlock("series.tags", MAX_TAGS, LEAST_TAG_BYTES)) != 0) {
      for (int t = 0; t < count; t++) {
        String key = slice.readString("series.tags", MAX_NAME_BYTES);
        tags.put(key, slice.readString("series.tags", MAX_NAME_BYTES));
      }
    }
    return new Series(name, method, group, tags);
  }

  int outcomeCount() {
    return outcomeCount;
  }

  int outcomeSeries(int o) {
    return outcomeSeries[Objects.checkIndex(o, outcomeCount)];
  }

  int outcomeStatus(int o) {
    return outcomeStatus[Objects.checkIndex(o, outcomeCount)];
  }

  boolean outcomeFailed(int o) {
    return errorOffset(o) != NO_ERROR;
  }

  int errorOffset(int o) {
    return errorOffset[Objects.checkIndex(o, outcomeCount)];
  }

  int errorLength(int o) {
    return errorLength[Objects.checkIndex(o, outcomeCount)];
  }

  @Nullable String error(int o) {
    return outcomeFailed(o) ? names.at(errorOffset[o], errorLength[o], "outcome.error") : null;
  }

  /** What each outcome's samples count their bytes from; longer than there are outcomes. */
  long[] sentBases() {
    return sentBase;
  }

  long[] receivedBases() {
    return receivedBase;
  }
}
