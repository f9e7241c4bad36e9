package io.tailrace.aggregator.window;

import io.tailrace.wire.SampleBatchReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Records those samples of a batch that follow each other in one window, a column at a time: a
 * short loop for each, in which the processor works ahead of itself. What can be added up is added
 * up by outcome beside the window, and to the window once.
 */
final class SpanRecorder {
  private static final int FEW = 64;
  private static final int UNMET = -1;

  private final ColumnSums firstBytes = new ColumnSums(ValueCounts.HIGHEST_MICROS);
  private final ColumnSums connects = new ColumnSums(ValueCounts.HIGHEST_MICROS);
  private final ColumnSums sent = new ColumnSums(Transfers.MOST_BYTES);
  private final ColumnSums received = new ColumnSums(Transfers.MOST_BYTES);

  private @Nullable SampleBatchReader batch;
  private @Nullable ErrorTable errors;
  private int[] seriesNumbers = new int[FEW];

  // Of the span at hand, by outcome of the batch: the place in the window's log, or -1.
  private int[] places = emptyPlaces(FEW);
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
    SampleLog log = window.log();
    recordTimes(batch, log, from, to);
    int[] outcomes = batch.outcomes();
    firstBytes.add(batch.firstByteMicros(), outcomes, from, to, met, metCount, counts.length);
    connects.add(batch.connectMicros(), outcomes, from, to, met, metCount, counts.length);
    sent.add(batch.bytesSent(), outcomes, from, to, met, metCount, counts.length);
    received.add(batch.bytesReceived(), outcomes, from, to, met, metCount, counts.length);
    handOver(batch, log);
  }

  private void recordTimes(SampleBatchReader batch, SampleLog log, int from, int to) {
    int[] outcomes = batch.outcomes();
    long[] latencies = batch.latencyMicros();
    long[] delays = batch.delayMicros();
    int[] places = this.places;
    int[] counts = this.counts;
    for (int i = from; i < to; i++) {
      int outcome = outcomes[i];
      int place = places[outcome];
      if (place == UNMET) {
        place = meet(batch, log, outcome);
      }
      counts[outcome]++;
      long latency = latencies[i];
      if (delays[i] == 0 && !ValueCounts.clamps(latency)) {
        log.add(place, latency);
      } else {
        log.addBounded(place, latency, delays[i]);
      }
    }
  }

  private int meet(SampleBatchReader batch, SampleLog log, int outcome) {
    int series = seriesNumbers[batch.outcomeSeries(outcome)];
    int place = log.place(series, batch.outcomeStatus(outcome));
    places[outcome] = place;
    met[metCount++] = outcome;
    return place;
  }

  /** Adds what was added up by outcome to the places, and forgets the outcomes. */
  private void handOver(SampleBatchReader batch, SampleLog log) {
    ErrorTable errors = this.errors;
    for (int i = 0; i < metCount; i++) {
      int outcome = met[i];
      int place = places[outcome];
      log.addSums(place, outcome, firstBytes, connects, sent, received);
      if (errors != null && batch.outcomeFailed(outcome)) {
        log.countErrors(place, errors.numberOf(batch, outcome), counts[outcome]);
      }
      places[outcome] = UNMET;
      counts[outcome] = 0;
    }
  }

  private void growTo(int outcomes) {
    places = emptyPlaces(outcomes);
    counts = new int[outcomes];
    met = new int[outcomes];
  }

  private static int[] emptyPlaces(int outcomes) {
    int[] places = new int[outcomes];
    Arrays.fill(places, UNMET);
    return places;
  }
}
