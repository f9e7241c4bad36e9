package io.tailrace.wire;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunDescription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;

/**
 * Encodes one batch straight into reused buffers, a column each: no object per sample. Not
 * thread-safe. Names longer than {@link WireLimits#MAX_NAME_BYTES} are cut.
 */
public final class SampleBatchWriter {
  private static final long UNKNOWN = -1;
  private static final int ABSENT = 0;
  private static final int PRESENT = 1;
  // The record's fields outside names, dictionaries and columns, at their longest.
  private static final int FIXED_BYTES = 160;

  private final int schemaId;
  private final SpecificDatumWriter<RunDescription> descriptions =
      new SpecificDatumWriter<>(RunDescription.getClassSchema(), RecordModel.INSTANCE);

  private final AvroBuffer identity = new AvroBuffer(128);
  private final AvroBuffer joined = new AvroBuffer(256);
  private final AvroBuffer left = new AvroBuffer(64);
  private final AvroBuffer health = new AvroBuffer(32);
  private final SeriesTable series = new SeriesTable();
  private final OutcomeTable outcomes = new OutcomeTable();
  private final AvroBuffer batch = new AvroBuffer(1024);

  private final AvroBuffer outcome = new AvroBuffer(1024);
  private final AvroBuffer end = new AvroBuffer(1024);
  private final AvroBuffer latency = new AvroBuffer(1024);
  private final AvroBuffer delay = new AvroBuffer(1024);
  private final AvroBuffer body = new AvroBuffer(1024);
  private final AvroBuffer connect = new AvroBuffer(1024);
  private final AvroBuffer sent = new AvroBuffer(1024);
  private final AvroBuffer received = new AvroBuffer(1024);

  private int samples;
  private long baseMicros;
  private long lastEndMicros;
  private boolean anyDelay;
  private boolean anyBody;
  private boolean anyConnect;
  private boolean anySent;
  private boolean anyReceived;

  public SampleBatchWriter(int schemaId) {
    this.schemaId = schemaId;
  }

  /** Starts a batch with nothing in it. */
  public void begin(String run, String node, long epochMicros) {
    identity.clear();
    identity.putBytes(name("run", run));
    identity.putBytes(name("node", node));
    identity.putLong(epochMicros);
    joined.clear();
    left.clear();
    health.clear();
    series.clear();
    outcomes.clear();
    for (AvroBuffer column : columns()) {
      column.clear();
    }
    samples = 0;
    baseMicros = 0;
    lastEndMicros = 0;
    anyDelay = false;
    anyBody = false;
    anyConnect = false;
    anySent = false;
    anyReceived = false;
  }

  private AvroBuffer[] columns() {
    return new AvroBuffer[] {outcome, end, latency, delay, body, connect, sent, received};
  }

  // A run or node with another name would be another run or node, so these are never cut.
  private static byte[] name(String what, String name) {
    byte[] utf8 = Names.utf8(name);
    if (name.length() > WireLimits.MAX_NAME_BYTES || utf8.length > WireLimits.MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          what
              + " has a name of "
              + name.length()
              + " characters, at most "
              + WireLimits.MAX_NAME_BYTES
              + " bytes");
    }
    return utf8;
  }

  /** The series' index in this batch, the same for the same series. */
  public int series(String name, String method, String group, Map<String, String> tags) {
    return series.index(name, method, group, tags);
  }

  /** The outcome's index in this batch, the same for the same outcome. */
  public int outcome(int ofSeries, int status, @Nullable String error) {
    if (ofSeries < 0 || ofSeries >= series.size()) {
      throw new IllegalArgumentException(
          "outcome of series " + ofSeries + ": the batch has " + series.size());
    }
    return outcomes.index(ofSeries, status, error);
  }

  /**
   * Adds a request. {@code firstByteMicros} counts from sending and is -1 when not known, as are
   * {@code connectMicros} and the bytes.
   */
  public void sample(
      int ofOutcome,
      long endMicros,
      long latencyMicros,
      long delayMicros,
      long firstByteMicros,
      long connectMicros,
      long bytesSent,
      long bytesReceived) {
    if (samples == WireLimits.MAX_SAMPLES) {
      throw new IllegalStateException(
          "a batch holds at most " + WireLimits.MAX_SAMPLES + " samples");
    }
    outcomes.seen(ofOutcome, bytesSent, bytesReceived);
    if (samples == 0) {
      baseMicros = endMicros;
      lastEndMicros = endMicros;
    }
    // From the first byte to the end is shorter than from sending to the first byte, mostly.
    long bodyMicros = firstByteMicros < 0 ? UNKNOWN : Math.max(0, latencyMicros - firstByteMicros);
    outcome.putLong(ofOutcome);
    end.putLong(endMicros - lastEndMicros);
    latency.putLong(latencyMicros);
    delay.putLong(delayMicros);
    body.putLong(bodyMicros);
    connect.putLong(connectMicros);
    sent.putLong(bytesSent - outcomes.bytesSent(ofOutcome));
    received.putLong(bytesReceived - outcomes.bytesReceived(ofOutcome));
    lastEndMicros = endMicros;
    anyDelay |= delayMicros != 0;
    anyBody |= bodyMicros != UNKNOWN;
    anyConnect |= connectMicros != UNKNOWN;
    anySent |= bytesSent != UNKNOWN;
    anyReceived |= bytesReceived != UNKNOWN;
    samples++;
  }

  public int sampleCount() {
    return samples;
  }

  /** About how many bytes {@link #finish} would give now, and never fewer than it does. */
  public int sizeEstimate() {
    return FIXED_BYTES
        + identity.length
        + joined.length
        + left.length
        + health.length
        + series.encodedBytes()
        + outcomes.encodedBytes()
        + outcome.length
        + end.length
        + latency.length
        + delay.length
        + body.length
        + connect.length
        + sent.length
        + received.length;
  }

  /** Makes this the batch that opens the node's epoch. */
  public void joined(RunDescription description) {
    joined.clear();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(joined, null);
    try {
      descriptions.write(description, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes this the node's last batch of its epoch. */
  public void left(LeaveReason reason, String message) {
    left.clear();
    left.putLong(LeaveReason.getClassSchema().getEnumOrdinal(reason.name()));
    left.putBytes(Names.cut(message));
  }

  /** Says how the node is. */
  public void health(int activeUsers, double cpuPercent, double memoryMb) {
    health.clear();
    health.putLong(activeUsers);
    health.putDouble(cpuPercent);
    health.putDouble(memoryMb);
  }

  /** The batch with magic, id and body, ready to be a record's value. */
  public byte[] finish(
      long sequence,
      long publishedBefore,
      long droppedSamples,
      long sentMicros,
      long watermarkMicros) {
    batch.clear();
    for (int i = 0; i < WireFormat.HEADER_BYTES; i++) {
      batch.write(0);
    }
    batch.append(identity);
    batch.putLong(sequence);
    batch.putLong(publishedBefore);
    batch.putLong(droppedSamples);
    batch.putLong(sentMicros);
    batch.putLong(watermarkMicros);
    optional(joined);
    optional(left);
    optional(health);
    series.encode(batch);
    outcomes.encode(batch);
    batch.putLong(samples == 0 ? sentMicros : baseMicros);
    column(outcome, true);
    column(end, true);
    column(latency, true);
    column(delay, anyDelay);
    column(body, anyBody);
    column(connect, anyConnect);
    column(sent, anySent);
    column(received, anyReceived);
    byte[] value = batch.toBytes();
    WireFormat.putHeader(value, schemaId);
    return value;
  }

  private void optional(AvroBuffer encoded) {
    batch.putLong(encoded.length == 0 ? ABSENT : PRESENT);
    batch.append(encoded);
  }

  private void column(AvroBuffer encoded, boolean known) {
    if (known && samples > 0) {
      batch.putLong(samples);
      batch.append(encoded);
    }
    batch.putLong(0);
  }
}
