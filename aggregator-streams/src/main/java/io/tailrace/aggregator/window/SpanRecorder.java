package io.tailrace.aggregator.window;

import io.tailrace.wire.SampleBatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Records those samples of a batch that follow each other in one window, a column at a time: a
 * short loop for each, in which the processor works ahead of itself. What can be added up is added
 * up by outcome beside the cells, and to the cells once.
 */
final class SpanRecorder {
  private static final int FEW = 64;

  private final ColumnSums firstBytes = new ColumnSums(ValueCounts.HIGHEST_MICROS);
  private final ColumnSums connects = new ColumnSums(ValueCounts.HIGHEST_MICROS);
  private final ColumnSums sent = new ColumnSums(Transfers.MOST_BYTES);
  private final ColumnSums received = new ColumnSums(Transfers.MOST_BYTES);

  private @Nullable SampleBatchReader batch;
  private @Nullable ErrorTable errors;
  private int[] seriesNumbers = new int[FEW];

  // Of the span at hand, by outcome of the batch; null until the outcome is met.
  private @Nullable ValueCounts[] prompts = new ValueCounts[FEW];
  private SeriesCell[] cells = new SeriesCell[FEW];
  private StatusCell[] statuses = new StatusCell[FEW];
  private int[] counts = new int[FEW];

  // The outcomes that were met: a batch may have many and a span few.
  private int[] met = new int[FEW];
  private int metCount;

  /** Takes up a batch: its series get their numbers. */
  void begin(SampleBatchReader batch, SeriesTable series, ErrorTable errors) {
    this.batch = batch;
    this.errors = errors;
    int outcomes = batch.outcomeCount();
    if (outcomes > met.length) {
      growTo(outcomes * 2);
    }
    int count = batch.seriesCount();
    if (count > seriesNumbers.length) {
      seriesNumbers = new int[count * 2];
    }
    for (int i = 0; i < count; i++) {
      seriesNumbers[i] = series.numberOf(batch, i);
    }
  }

  /** Records the samples from one on and before another, which all ended in this window. */
  void record(LiveWindow window, int from, int to) {
    SampleBatchReader batch = this.batch;
    if (batch == null) {
      throw new IllegalStateException("samples without their batch");
    }
    metCount = 0;
    recordTimes(batch, window, from, to);
    int[] outcomes = batch.outcomes();
    firstBytes.add(batch.firstByteMicros(), outcomes, from, to, counts, met, metCount);
    connects.add(batch.connectMicros(), outcomes, from, to, counts, met, metCount);
    sent.add(batch.bytesSent(), outcomes, from, to, counts, met, metCount);
    received.add(batch.bytesReceived(), outcomes, from, to, counts, met, metCount);
    handOver(batch);
  }

  private void recordTimes(SampleBatchReader batch, LiveWindow window, int from, int to) {
    int[] outcomes = batch.outcomes();
    long[] latencies = batch.latencyMicros();
    long[] delays = batch.delayMicros();
    @Nullable ValueCounts[] prompts = this.prompts;
    int[] counts = this.counts;
    for (int i = from; i < to; i++) {
      int outcome = outcomes[i];
      ValueCounts prompt = prompts[outcome];
      if (prompt == null) {
        prompt = meet(batch, window, outcome);
      }
      counts[outcome]++;
      long latency = latencies[i];
      if (delays[i] == 0 && !ValueCounts.clamps(latency)) {
        prompt.recordWithin(latency);
      } else {
        cells[outcome].recordBounded(statuses[outcome], latency, delays[i]);
      }
    }
  }

  private ValueCounts meet(SampleBatchReader batch, LiveWindow window, int outcome) {
    SeriesCell cell = window.cell(seriesNumbers[batch.outcomeSeries(outcome)]);
    StatusCell status = cell.status(batch.outcomeStatus(outcome));
    ValueCounts prompt = status.prompt();
    cells[outcome] = cell;
    statuses[outcome] = status;
    prompts[outcome] = prompt;
    met[metCount++] = outcome;
    return prompt;
  }

  /** Adds what was added up by outcome to the cells, and forgets the outcomes. */
  private void handOver(SampleBatchReader batch) {
    ErrorTable errors = this.errors;
    for (int i = 0; i < metCount; i++) {
      int outcome = met[i];
      SeriesCell cell = cells[outcome];
      cell.transfers().add(outcome, firstBytes, connects, sent, received);
      if (errors != null && batch.outcomeFailed(outcome)) {
        cell.countErrors(statuses[outcome], errors.numberOf(batch, outcome), counts[outcome]);
      }
      prompts[outcome] = null;
      counts[outcome] = 0;
    }
  }

  private void growTo(int outcomes) {
    prompts = new ValueCounts[outcomes];
    cells = new SeriesCell[outcomes];
    statuses = new StatusCell[outcomes];
    counts = new int[outcomes];
    met = new int[outcomes];
  }
}
