package io.tailrace.aggregator.run;

import io.tailrace.aggregator.sla.Pinned;
import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.RunMode;
import io.tailrace.wire.RecordModel;
import io.tailrace.wire.SampleBatchReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;

/** What is known of a run beside its nodes and its windows. */
final class RunRecord {
  /** The end of the year 9999: no sample ends later. */
  static final long LATEST = 253_402_300_799_999_999L;

  private static final long NEVER = Long.MIN_VALUE;
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final long LEAST_COVERED_MICROS = 1_000;
  private static final int MOST_REASONS = 20;

  final String id;
  @Nullable RunDescription description;
  long startMicros;
  long endMicros = NEVER;
  long firstSampleMicros = Long.MAX_VALUE;
  long lastSampleMicros = NEVER;
  boolean ended;
  long endedMicros;
  int reopenings;
  int summaryRevision;
  long unreadBatches;
  long lastAppendMicros;
  boolean dirty = true;

  private long incompleteUntilMicros = NEVER;
  private final List<String> reasons = new ArrayList<>();
  private boolean descriptionSaved;

  RunRecord(String id) {
    this.id = id;
  }

  /** Takes the start of the run from its first batch. */
  void start(SampleBatchReader batch, long appendMicros, RunRules rules) {
    lastAppendMicros = appendMicros;
    long epoch = batch.epochMicros() + rules.correctionMicros(appendMicros, batch.sentMicros());
    // An epoch may be any number to those who write their own producers.
    boolean plausible = epoch <= appendMicros && epoch > appendMicros - DAY_MICROS;
    startMicros = plausible ? epoch : appendMicros;
  }

  /** Takes what the run is, with the objectives that are to apply to it. */
  RunDescription describe(RunDescription described, Pinned pinned) {
    RunDescription kept = Described.with(described, described.getPlan(), pinned.objectives());
    description = kept;
    pinned.notes().forEach(this::addReason);
    descriptionSaved = false;
    dirty = true;
    return kept;
  }

  RunMode mode() {
    return description == null ? RunMode.UNKNOWN : description.getMode();
  }

  /** Whether times are those of clocks that run now. */
  boolean checksClocks() {
    return mode() == RunMode.LIVE || mode() == RunMode.UNKNOWN;
  }

  /** The earliest moment at which a sample of the run may have ended. */
  long earliestMicros(RunRules rules) {
    return mode() == RunMode.LIVE ? startMicros - rules.earlyMicros() : 0;
  }

  void noteSamples(long firstMicros, long lastMicros) {
    if (firstMicros <= lastMicros) {
      firstSampleMicros = Math.min(firstSampleMicros, firstMicros);
      lastSampleMicros = Math.max(lastSampleMicros, lastMicros);
    }
  }

  /** Notes that something from before this moment is missing. */
  void noteIncomplete(long untilMicros) {
    incompleteUntilMicros = Math.max(incompleteUntilMicros, untilMicros);
  }

  /** Whether nothing is known to be missing from this moment on. */
  boolean isCompleteFrom(long micros) {
    return micros >= incompleteUntilMicros;
  }

  boolean hasSamples() {
    return firstSampleMicros <= lastSampleMicros;
  }

  void addReason(String reason) {
    if (reasons.size() < MOST_REASONS && !reasons.contains(reason)) {
      reasons.add(reason);
    }
  }

  List<String> reasons() {
    return reasons;
  }

  void end(long nowMicros, Fleet fleet) {
    ended = true;
    endedMicros = nowMicros;
    dirty = true;
    long end = hasSamples() ? lastSampleMicros : startMicros;
    if (mode() == RunMode.LIVE) {
      for (NodeLife life : fleet.lives()) {
        end = Math.max(end, life.left == null ? life.watermarkMicros : life.leftMicros);
      }
    }
    endMicros = Math.max(end, reportedStartMicros());
  }

  /** When the run started; one that was measured elsewhere starts with its first sample. */
  long reportedStartMicros() {
    boolean measuredElsewhere = mode() == RunMode.IMPORT || mode() == RunMode.REPLAY;
    return measuredElsewhere && hasSamples() ? firstSampleMicros : startMicros;
  }

  /** How much of a span the run covers; the whole of it when that can not be said. */
  long coveredMicros(long fromMicros, long widthMicros, long baseMicros) {
    long from = startMicros;
    long to = ended ? endMicros : Long.MAX_VALUE;
    if (mode() != RunMode.LIVE) {
      from = hasSamples() ? Math.floorDiv(firstSampleMicros, baseMicros) * baseMicros : fromMicros;
      to = ended ? (Math.floorDiv(lastSampleMicros, baseMicros) + 1) * baseMicros : Long.MAX_VALUE;
    }
    long covered = Math.min(to, fromMicros + widthMicros) - Math.max(from, fromMicros);
    return covered <= 0 ? Math.max(widthMicros, 1) : Math.max(covered, LEAST_COVERED_MICROS);
  }

  String eventKey(RunEventKind kind, @Nullable String node) {
    return id + "/" + kind + (node == null ? "" : "/" + node);
  }

  RunEvent event(
      RunEventKind kind, @Nullable String node, long atMicros, Fleet fleet, String message) {
    RunDescription described = description;
    if (described != null && node != null) {
      described = Described.with(described, null, List.of());
    }
    return RunEvent.newBuilder()
        .setRun(id)
        .setKind(kind)
        .setNode(node)
        .setAtMicros(atMicros)
        .setDescription(described)
        .setStartMicros(reportedStartMicros())
        .setEndMicros(ended ? endMicros : null)
        .setNodesJoined(fleet.nodesJoined())
        .setNodesExpected(fleet.nodesExpected())
        .setMessage(message)
        .build();
  }

  void saveDescription(StagedState state, StateKey key) {
    if (description == null || descriptionSaved) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new SpecificDatumWriter<RunDescription>(RunDescription.getClassSchema(), RecordModel.INSTANCE)
          .write(description, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode the description of run " + id, e);
    }
    state.put(key.of(StateKey.DESCRIPTION), bytes.toByteArray());
    descriptionSaved = true;
  }

  private static RunDescription decode(String id, byte[] bytes) {
    Schema schema = RunDescription.getClassSchema();
    try {
      return new SpecificDatumReader<RunDescription>(schema, schema, RecordModel.INSTANCE)
          .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the description of run " + id, e);
    }
  }

  void writeTo(ByteWriter header) {
    // Read without the rest by those who only ask whether the run has ended.
    header.writeBoolean(ended);
    header.writeLong(endedMicros);
    header.writeLong(startMicros);
    header.writeLong(endMicros);
    header.writeLong(firstSampleMicros);
    header.writeLong(lastSampleMicros);
    header.writeUnsigned(reopenings);
    header.writeUnsigned(summaryRevision);
    header.writeUnsigned(unreadBatches);
    header.writeLong(lastAppendMicros);
    header.writeLong(incompleteUntilMicros);
    header.writeUnsigned(reasons.size());
    reasons.forEach(header::writeString);
  }

  static RunRecord load(String id, ByteReader header, StagedState state, StateKey key) {
    RunRecord record = new RunRecord(id);
    record.ended = header.readBoolean();
    record.endedMicros = header.readLong();
    record.startMicros = header.readLong();
    record.endMicros = header.readLong();
    record.firstSampleMicros = header.readLong();
    record.lastSampleMicros = header.readLong();
    record.reopenings = (int) header.readUnsigned();
    record.summaryRevision = (int) header.readUnsigned();
    record.unreadBatches = header.readUnsigned();
    record.lastAppendMicros = header.readLong();
    record.incompleteUntilMicros = header.readLong();
    for (long rest = header.readUnsigned(); rest > 0; rest--) {
      record.reasons.add(header.readString());
    }
    byte[] described = state.get(key.of(StateKey.DESCRIPTION));
    if (described != null) {
      record.description = decode(id, described);
      record.descriptionSaved = true;
    }
    record.dirty = false;
    return record;
  }
}
