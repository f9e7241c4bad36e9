package io.tailrace.publisher;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunDescription;
import io.tailrace.wire.SampleBatchWriter;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows of samples into numbered batches and keeps the books of one epoch: sequence, samples
 * published before, and the watermark promised.
 */
final class BatchEncoder implements LaneReader.Rows {

  /** Asking for the size costs more than a sample: ask once in so many. */
  private static final int ROWS_BETWEEN_SIZE_CHECKS = 64;

  private static final int NOT_IN_BATCH = -1;

  private final SampleBatchWriter writer;
  private final Dictionary dictionary;
  private final NodeIdentity identity;
  private final int batchBytes;
  private final Consumer<EncodedBatch> sealed;

  private Outcome[] outcomes = new Outcome[0];
  private int[] outcomeInBatch = new int[0];
  private int[] seriesInBatch = new int[0];

  private long sequence;
  private final AtomicLong published = new AtomicLong();
  private long promisedMicros;
  private long droppedSamples;

  BatchEncoder(
      SampleBatchWriter writer,
      Dictionary dictionary,
      NodeIdentity identity,
      int batchBytes,
      Consumer<EncodedBatch> sealed) {
    this.writer = writer;
    this.dictionary = dictionary;
    this.identity = identity;
    this.batchBytes = batchBytes;
    this.sealed = sealed;
    begin();
  }

  @Override
  public void accept(long[] values, int from, int count) {
    for (int row = 0; row < count; row++) {
      int at = from + row * Chunk.FIELDS;
      int outcome = (int) values[at + Chunk.OUTCOME];
      int inBatch = outcome < outcomeInBatch.length ? outcomeInBatch[outcome] : NOT_IN_BATCH;
      boolean introduced = inBatch == NOT_IN_BATCH;
      writer.sample(
          introduced ? introduce(outcome) : inBatch,
          values[at + Chunk.END],
          values[at + Chunk.LATENCY],
          values[at + Chunk.DELAY],
          values[at + Chunk.FIRST_BYTE],
          values[at + Chunk.CONNECT],
          values[at + Chunk.SENT],
          values[at + Chunk.RECEIVED]);
      if ((introduced || writer.sampleCount() % ROWS_BETWEEN_SIZE_CHECKS == 0)
          && writer.sizeEstimate() >= batchBytes) {
        // More may follow from the same moment, so it promises nothing new.
        seal(promisedMicros);
      }
    }
  }

  /** Closes the batch with a new promise, never less than an earlier one. */
  void sealWithPromise(long watermarkMicros) {
    promisedMicros = Math.max(promisedMicros, watermarkMicros);
    seal(promisedMicros);
  }

  void joined(RunDescription description) {
    writer.joined(description);
  }

  void left(LeaveReason reason, String message) {
    writer.left(reason, message);
  }

  void health(int activeUsers, double cpuPercent, double memoryMb) {
    writer.health(activeUsers, cpuPercent, memoryMb);
  }

  void dropped(long samples) {
    droppedSamples = samples;
  }

  /** Throws away the open batch after a fault and returns how many samples were in it. */
  int abandon() {
    int samples = writer.sampleCount();
    begin();
    return samples;
  }

  /**
   * Whether the open batch had better leave with a promise of its own now than without one soon,
   * and with another small batch behind it that makes the promise.
   */
  boolean isNearlyFull() {
    return writer.sampleCount() > 0 && writer.sizeEstimate() >= batchBytes - batchBytes / 4;
  }

  /** Samples in the open batch. */
  int openSamples() {
    return writer.sampleCount();
  }

  /** Samples in numbered batches. */
  long published() {
    return published.get();
  }

  private void seal(long watermarkMicros) {
    int samples = writer.sampleCount();
    byte[] value =
        writer.finish(
            sequence,
            published.get(),
            droppedSamples,
            identity.clock().getAsLong(),
            watermarkMicros);
    EncodedBatch batch = new EncodedBatch(sequence, samples, value);
    sequence++;
    published.addAndGet(samples);
    begin();
    sealed.accept(batch);
  }

  private void begin() {
    writer.begin(identity.run(), identity.node(), identity.epochMicros());
    Arrays.fill(outcomeInBatch, NOT_IN_BATCH);
    Arrays.fill(seriesInBatch, NOT_IN_BATCH);
  }

  private int introduce(int index) {
    if (index >= outcomes.length || index >= outcomeInBatch.length || absent(index)) {
      outcomes = dictionary.outcomes();
      outcomeInBatch = grow(outcomeInBatch, outcomes.length);
      seriesInBatch = grow(seriesInBatch, outcomes.length);
    }
    Outcome outcome = outcomes[index];
    SeriesHandle series = outcome.series();
    seriesInBatch = grow(seriesInBatch, series.index() + 1);
    int inBatch = seriesInBatch[series.index()];
    if (inBatch == NOT_IN_BATCH) {
      inBatch = writer.series(series.name(), series.method(), series.group(), series.tags());
      seriesInBatch[series.index()] = inBatch;
    }
    int added = writer.outcome(inBatch, outcome.status(), outcome.error());
    outcomeInBatch[index] = added;
    return added;
  }

  private boolean absent(int index) {
    @Nullable Outcome known = outcomes[index];
    return known == null;
  }

  private static int[] grow(int[] indexes, int length) {
    if (indexes.length >= length) {
      return indexes;
    }
    int[] grown = Arrays.copyOf(indexes, Math.max(length, 2 * indexes.length));
    Arrays.fill(grown, indexes.length, grown.length, NOT_IN_BATCH);
    return grown;
  }
}
