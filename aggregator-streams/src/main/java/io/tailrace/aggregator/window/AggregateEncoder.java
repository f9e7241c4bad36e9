package io.tailrace.aggregator.window;

import io.tailrace.record.Distribution;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes cells as {@code Aggregate} records, ready to be values of Kafka records, without building
 * one; reused, not thread-safe.
 */
public final class AggregateEncoder {
  private static final byte MAGIC = 0;
  private static final double MICROS_PER_SECOND = 1e6;

  // Brokers refuse records of a mebibyte by default; what is over this goes without its split.
  private static final int LARGEST_BYTES = 900_000;

  private final int schemaId;
  private final ByteWriter out = new ByteWriter(64 * 1024);
  // Made before everything else: the statuses are added up on the way.
  private final ByteWriter split = new ByteWriter(64 * 1024);
  // The last fields of a record, made as soon as their counts are in order for the statistics.
  private final ByteWriter histograms = new ByteWriter(64 * 1024);

  /** An encoder of values under this schema id of {@code Aggregate}. */
  public AggregateEncoder(int schemaId) {
    this.schemaId = schemaId;
  }

  /** The first fields of all aggregates of a run. */
  public static byte[] identity(String run, @Nullable RunDescription description) {
    ByteWriter identity = new ByteWriter(256);
    identity.writeString(run);
    identity.writeString(description == null ? "" : description.getTestName());
    identity.writeString(description == null ? "" : description.getEnvironment());
    identity.writeString(description == null ? "" : description.getVersion());
    Map<String, String> tags =
        description == null ? Map.of() : new TreeMap<>(description.getTags());
    identity.writeMap(tags, identity::writeString);
    RunMode mode = description == null ? RunMode.UNKNOWN : description.getMode();
    identity.writeLong(RunMode.getClassSchema().getEnumOrdinal(mode.name()));
    return identity.toByteArray();
  }

  /** One cell of a window as a record's value. */
  public byte[] encode(
      byte[] identity,
      byte[] series,
      WindowFacts facts,
      LiveWindow window,
      SeriesCell cell,
      CellTimes times,
      int revision,
      ErrorTable errors) {
    write(identity, series, facts, window, cell, times, revision, errors, true);
    if (out.size() > LARGEST_BYTES) {
      write(identity, series, facts, window, cell, times, revision, errors, false);
    }
    return out.toByteArray();
  }

  private void write(
      byte[] identity,
      byte[] series,
      WindowFacts facts,
      LiveWindow window,
      SeriesCell cell,
      CellTimes times,
      int revision,
      ErrorTable errors,
      boolean withSplit) {
    out.clear();
    split.clear();
    histograms.clear();
    writeSplit(cell, withSplit && cell.statuses().length > 1 ? times : null);
    out.writeByte(MAGIC);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.writeByte(schemaId >>> shift);
    }
    out.writeRaw(identity, 0, identity.length);
    out.writeRaw(series, 0, series.length);
    writeFacts(facts, revision);
    long requests = cell.requests();
    writeCounts(facts, cell, requests);
    if (requests == 0) {
      writeNoTimes();
    } else {
      writeTimes(cell, times, requests);
    }
    if (!cell.hasDelayed()) {
      histograms.writeLong(0);
    }
    out.writeRaw(split.array(), 0, split.size());
    writeErrorsAndBytes(cell, errors);
    writeHealth(window);
    out.writeRaw(histograms.array(), 0, histograms.size());
  }

  private void writeFacts(WindowFacts facts, int revision) {
    out.writeLong(facts.startMicros());
    out.writeLong(facts.widthMicros());
    out.writeBoolean(facts.total());
    out.writeLong(revision);
    out.writeBoolean(facts.supplement());
    out.writeLong(facts.nodesReported());
    out.writeLong(facts.nodesExpected());
    out.writeBoolean(facts.complete());
    out.writeLong(facts.coveredMicros());
  }

  private void writeCounts(WindowFacts facts, SeriesCell cell, long requests) {
    long errors = cell.errors();
    out.writeLong(requests);
    out.writeLong(errors);
    out.writeLong(cell.late());
    out.writeLong(cell.clamped());
    out.writeDouble(requests * MICROS_PER_SECOND / facts.coveredMicros());
    out.writeDouble(requests == 0 ? 0 : 100.0 * errors / requests);
  }

  /** Response, service, lateness twice, first byte and connect: all absent. */
  private void writeNoTimes() {
    for (int field = 0; field < 6; field++) {
      out.writeLong(0);
    }
    histograms.writeLong(0);
  }

  private void writeTimes(SeriesCell cell, CellTimes times, long requests) {
    Distribution response = times.responses().distribution();
    writeDistribution(response);
    writeHistogram(times.responses(), histograms);
    if (cell.hasDelayed()) {
      writeDistribution(times.services().distribution());
      writeHistogram(times.services(), histograms);
    } else {
      writeDistribution(response);
    }
    writeSome(cell.latenessSumMicros() / (double) requests);
    out.writeLong(1);
    out.writeLong(cell.latenessMaxMicros());
    writeKnown(cell.transfers().firstByteMeanMicros());
    writeKnown(cell.transfers().connectMeanMicros());
  }

  private void writeDistribution(@Nullable Distribution values) {
    if (values == null) {
      out.writeLong(0);
      return;
    }
    out.writeLong(1);
    out.writeLong(values.getMinMicros());
    out.writeDouble(values.getMeanMicros());
    out.writeLong(values.getMaxMicros());
    out.writeDouble(values.getStdevMicros());
    out.writeLong(values.getP50Micros());
    out.writeLong(values.getP75Micros());
    out.writeLong(values.getP90Micros());
    out.writeLong(values.getP95Micros());
    out.writeLong(values.getP99Micros());
    out.writeLong(values.getP999Micros());
  }

  private void writeSome(double value) {
    out.writeLong(1);
    out.writeDouble(value);
  }

  /** What is counted by status, with histograms if there are times to take them from. */
  private void writeSplit(SeriesCell cell, @Nullable CellTimes times) {
    StatusCell[] statuses = cell.statuses();
    if (statuses.length > 0) {
      split.writeLong(statuses.length);
      if (times == null) {
        for (StatusCell one : statuses) {
          writeStatus(one);
          split.writeLong(0);
        }
      } else {
        times.addUpResponses(
            (one, responses) -> {
              writeStatus(one);
              writeHistogram(responses, split);
            });
      }
    }
    split.writeLong(0);
  }

  private void writeStatus(StatusCell one) {
    split.writeLong(one.status);
    split.writeLong(one.requests());
    split.writeLong(one.errors);
  }

  private void writeErrorsAndBytes(SeriesCell cell, ErrorTable errors) {
    out.writeMap(cell.errorsByKind(errors), out::writeLong);
    Transfers transfers = cell.transfers();
    writeSum(transfers.knowsBytesSent(), transfers.bytesSent());
    writeSum(transfers.knowsBytesReceived(), transfers.bytesReceived());
  }

  private void writeSum(boolean known, long sum) {
    if (known) {
      out.writeLong(1);
      out.writeLong(sum);
    } else {
      out.writeLong(0);
    }
  }

  private void writeHealth(LiveWindow window) {
    if (window.activeUsers() == LiveWindow.UNKNOWN_USERS) {
      out.writeLong(0);
    } else {
      out.writeLong(1);
      out.writeLong(window.activeUsers());
    }
    writeKnown(window.cpuPercent());
    writeKnown(window.memoryMb());
  }

  private void writeKnown(double value) {
    if (Double.isNaN(value)) {
      out.writeLong(0);
    } else {
      writeSome(value);
    }
  }

  private static void writeHistogram(OrderedCounts values, ByteWriter into) {
    into.writeLong(1);
    values.writeFrame(into);
  }
}
