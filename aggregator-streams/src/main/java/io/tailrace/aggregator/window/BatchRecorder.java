package io.tailrace.aggregator.window;

import io.tailrace.wire.SampleBatchReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Records the samples of one batch into the windows they ended in; reused, not thread-safe. */
public final class BatchRecorder {
  /** Where the window of a moment is found. */
  public interface Windows {
    /** The window that starts then: an open one, or the late part of a closed one. */
    LiveWindow startingAt(long startMicros);
  }

  private long counted;
  private long late;
  private long rejectedAfterSending;
  private long rejectedBeforeRun;
  private long firstMicros;
  private long lastMicros;

  // The cells of the window at hand, by outcome of the batch; null until first used.
  private @Nullable SeriesCell[] cells = new SeriesCell[64];
  private StatusCell[] statuses = new StatusCell[64];
  private int[] errorKinds = new int[64];
  private int[] seriesNumbers = new int[64];

  /**
   * Records all samples that ended between two moments and counts the others.
   *
   * @param skewMicros what is added to the node's times
   * @param earliestMicros the earliest possible end, on the corrected clock
   * @param latestMicros the latest possible end, on the corrected clock
   */
  public void record(
      SampleBatchReader batch,
      SeriesTable series,
      ErrorTable errors,
      Windows windows,
      long widthMicros,
      long skewMicros,
      long earliestMicros,
      long latestMicros) {
    prepare(batch, series);
    int samples = batch.sampleCount();
    int outcomeCount = batch.outcomeCount();
    int[] outcomes = batch.outcomes();
    long[] ends = batch.endMicros();
    long[] latencies = batch.latencyMicros();
    long[] delays = batch.delayMicros();
    long[] firstBytes = batch.firstByteMicros();
    long[] connects = batch.connectMicros();
    long[] sent = batch.bytesSent();
    long[] received = batch.bytesReceived();
    SeriesCell[] cells = this.cells;
    StatusCell[] statuses = this.statuses;
    int[] errorKinds = this.errorKinds;

    LiveWindow window = null;
    long from = 0;
    long to = 0;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    long rejected = 0;
    boolean isLate = false;
    int late = 0;
    for (int i = 0; i < samples; i++) {
      long end = ends[i] + skewMicros;
      if (end < from || end >= to) {
        if (isRejected(end, earliestMicros, latestMicros)) {
          rejected++;
          continue;
        }
        long start = Math.floorDiv(end, widthMicros) * widthMicros;
        window = windows.startingAt(start);
        window.touch();
        isLate = window.isLate();
        // Bounds within the window are bounds of the span in which nothing needs to be asked.
        from = Math.max(start, earliestMicros);
        to = Math.min(start + widthMicros, latestMicros + 1);
        Arrays.fill(cells, 0, outcomeCount, null);
      }
      int outcome = outcomes[i];
      SeriesCell cell = cells[outcome];
      if (cell == null) {
        cell = resolve(batch, outcome, errors, window);
      }
      StatusCell status = statuses[outcome];
      cell.record(
          status, latencies[i], delays[i], firstBytes[i], connects[i], sent[i], received[i]);
      if (errorKinds[outcome] != ErrorTable.NONE) {
        cell.countError(status, errorKinds[outcome]);
      }
      first = Math.min(first, end);
      last = Math.max(last, end);
      late += isLate ? 1 : 0;
    }
    Arrays.fill(cells, 0, outcomeCount, null);
    this.late = late;
    counted = samples - rejected;
    firstMicros = first;
    lastMicros = last;
  }

  /** Samples of the last batch that were counted. */
  public long counted() {
    return counted;
  }

  /** Samples among the counted whose window had closed before. */
  public long late() {
    return late;
  }

  /** Samples of the last batch that claim to have ended after it was sent. */
  public long rejectedAfterSending() {
    return rejectedAfterSending;
  }

  /** Samples of the last batch that claim to have ended long before the run. */
  public long rejectedBeforeRun() {
    return rejectedBeforeRun;
  }

  /** When the first counted sample of the last batch ended; greater than the last without any. */
  public long firstMicros() {
    return firstMicros;
  }

  public long lastMicros() {
    return lastMicros;
  }

  private void prepare(SampleBatchReader batch, SeriesTable series) {
    counted = 0;
    late = 0;
    rejectedAfterSending = 0;
    rejectedBeforeRun = 0;
    firstMicros = Long.MAX_VALUE;
    lastMicros = Long.MIN_VALUE;
    int outcomes = batch.outcomeCount();
    if (outcomes > cells.length) {
      cells = new SeriesCell[outcomes * 2];
      statuses = new StatusCell[outcomes * 2];
      errorKinds = new int[outcomes * 2];
    }
    int count = batch.seriesCount();
    if (count > seriesNumbers.length) {
      seriesNumbers = new int[count * 2];
    }
    for (int i = 0; i < count; i++) {
      seriesNumbers[i] = series.numberOf(batch, i);
    }
  }

  private boolean isRejected(long end, long earliestMicros, long latestMicros) {
    if (end < earliestMicros) {
      rejectedBeforeRun++;
      return true;
    }
    if (end > latestMicros) {
      rejectedAfterSending++;
      return true;
    }
    return false;
  }

  private SeriesCell resolve(
      SampleBatchReader batch, int outcome, ErrorTable errors, @Nullable LiveWindow window) {
    if (window == null) {
      throw new IllegalStateException("a sample before its window");
    }
    SeriesCell cell = window.cell(seriesNumbers[batch.outcomeSeries(outcome)]);
    cells[outcome] = cell;
    statuses[outcome] = cell.status(batch.outcomeStatus(outcome));
    errorKinds[outcome] =
        batch.outcomeFailed(outcome) ? errors.numberOf(batch, outcome) : ErrorTable.NONE;
    return cell;
  }
}
