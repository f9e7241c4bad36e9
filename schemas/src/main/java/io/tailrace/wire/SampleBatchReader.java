package io.tailrace.wire;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.NodeHealth;
import io.tailrace.record.NodeLeft;
import io.tailrace.record.RunDescription;
import io.tailrace.record.Series;
import io.tailrace.registry.SchemaRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches straight from the bytes of a record's value, with no object per sample. Everything
 * it returns is valid until the next {@link #read}; not thread-safe.
 */
public final class SampleBatchReader {
  private static final int OPTIONAL_BRANCHES = 2;
  private static final LeaveReason[] LEAVE_REASONS = LeaveReason.values();

  private final BatchSchemas schemas;
  private final ByteCursor in = new ByteCursor();
  private final NameCache names = new NameCache(in);
  private final BatchDictionaries dictionaries = new BatchDictionaries(in, names);
  private final SampleColumns columns = new SampleColumns(in);

  private String run = "";
  private String node = "";
  private long epochMicros;
  private long sequence;
  private long publishedBefore;
  private long droppedSamples;
  private long sentMicros;
  private long watermarkMicros;
  private @Nullable RunDescription joined;
  private @Nullable NodeLeft left;
  private @Nullable NodeHealth health;

  /**
   * With the subject that the batches' schemas belong to, such as {@code tailrace.samples-value}.
   */
  public SampleBatchReader(SchemaRegistry registry, String samplesSubject) {
    schemas = new BatchSchemas(registry, samplesSubject);
  }

  /**
   * Reads a whole batch. A {@link WireException} says what is wrong with the bytes, and what was
   * read of them is not to be used; {@link io.tailrace.registry.RegistryUnavailable} says nothing
   * about them.
   */
  public void read(byte[] value) {
    columns.clear();
    schemas.open(value, in);
    run = names.read("run");
    node = names.read("node");
    epochMicros = in.readLong("epochMicros");
    sequence = in.readLong("sequence");
    publishedBefore = in.readLong("publishedBefore");
    droppedSamples = in.readLong("droppedSamples");
    sentMicros = in.readLong("sentMicros");
    watermarkMicros = in.readLong("watermarkMicros");
    joined = present("joined") ? BatchSchemas.readDescription(in) : null;
    left = present("left") ? readLeft() : null;
    health = present("health") ? readHealth() : null;
    dictionaries.read();
    columns.read(dictionaries);
    try {
      in.requireEnd("SampleBatch");
    } catch (WireException e) {
      columns.clear();
      throw e;
    }
  }

  private boolean present(String what) {
    return in.readIndex(what, OPTIONAL_BRANCHES) == 1;
  }

  private NodeLeft readLeft() {
    LeaveReason reason = LEAVE_REASONS[in.readIndex("left.reason", LEAVE_REASONS.length)];
    return new NodeLeft(reason, in.readString("left.message", WireLimits.MAX_NAME_BYTES));
  }

  private NodeHealth readHealth() {
    int activeUsers = in.readInt("health.activeUsers");
    double cpuPercent = in.readDouble("health.cpuPercent");
    return new NodeHealth(activeUsers, cpuPercent, in.readDouble("health.memoryMb"));
  }

  public String run() {
    return run;
  }

  public String node() {
    return node;
  }

  public long epochMicros() {
    return epochMicros;
  }

  public long sequence() {
    return sequence;
  }

  public long publishedBefore() {
    return publishedBefore;
  }

  public long droppedSamples() {
    return droppedSamples;
  }

  public long sentMicros() {
    return sentMicros;
  }

  public long watermarkMicros() {
    return watermarkMicros;
  }

  public @Nullable RunDescription joined() {
    return joined;
  }

  public @Nullable NodeLeft left() {
    return left;
  }

  public @Nullable NodeHealth health() {
    return health;
  }

  /** What the offsets of series and errors point into; not always the bytes that were given. */
  public byte[] bytes() {
    return in.bytes;
  }

  public int seriesCount() {
    return dictionaries.seriesCount();
  }

  /** Where the series' own encoding starts: equal bytes are the same series. */
  public int seriesOffset(int i) {
    return dictionaries.seriesOffset(i);
  }

  public int seriesLength(int i) {
    return dictionaries.seriesLength(i);
  }

  /** The series as a new object. */
  public Series series(int i) {
    return dictionaries.series(i);
  }

  public int outcomeCount() {
    return dictionaries.outcomeCount();
  }

  /** The index of the outcome's series. */
  public int outcomeSeries(int o) {
    return dictionaries.outcomeSeries(o);
  }

  public int outcomeStatus(int o) {
    return dictionaries.outcomeStatus(o);
  }

  public boolean outcomeFailed(int o) {
    return dictionaries.outcomeFailed(o);
  }

  /** Where the error's text starts; without meaning for an outcome that has not failed. */
  public int errorOffset(int o) {
    return dictionaries.errorOffset(o);
  }

  public int errorLength(int o) {
    return dictionaries.errorLength(o);
  }

  public @Nullable String error(int o) {
    return dictionaries.error(o);
  }

  public int sampleCount() {
    return columns.count();
  }

  /** Per sample: index of its outcome. This column and the others may be longer than the batch. */
  public int[] outcomes() {
    return columns.outcomes();
  }

  public long[] endMicros() {
    return columns.endMicros();
  }

  public long[] latencyMicros() {
    return columns.latencyMicros();
  }

  public long[] delayMicros() {
    return columns.delayMicros();
  }

  /** Per sample: from sending to the first byte; -1 when not known. */
  public long[] firstByteMicros() {
    return columns.firstByteMicros();
  }

  /** Per sample: the time taken to connect, 0 for a reused connection; -1 when not known. */
  public long[] connectMicros() {
    return columns.connectMicros();
  }

  /** Per sample: -1 when not known. */
  public long[] bytesSent() {
    return columns.bytesSent();
  }

  /** Per sample: -1 when not known. */
  public long[] bytesReceived() {
    return columns.bytesReceived();
  }
}
