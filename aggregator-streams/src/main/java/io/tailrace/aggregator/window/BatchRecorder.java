package io.tailrace.aggregator.window;

import io.tailrace.wire.SampleBatchReader;

/** Records the samples of one batch into the windows they ended in; reused, not thread-safe. */
public final class BatchRecorder {
  /** Where the window of a moment is found. */
  public interface Windows {
    /** The window that starts then: an open one, or the late part of a closed one. */
    LiveWindow startingAt(long startMicros);
  }

  private final SpanRecorder spans = new SpanRecorder();
  private long counted;
  private long late;
  private long rejectedAfterSending;
  private long rejectedBeforeRun;
  private long lastStartMicros;
  private long firstMicros;
  private long lastMicros;

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
    clear();
    spans.begin(batch, series, errors);
    int samples = batch.sampleCount();
    long[] ends = batch.endMicros();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    int at = 0;
    while (at < samples) {
      long end = ends[at] + skewMicros;
      if (isRejected(end, earliestMicros, latestMicros)) {
        at++;
        continue;
      }
      long start = startOf(end, widthMicros);
      LiveWindow window = windows.startingAt(start);
      window.touch();
      // Within these bounds nothing needs to be asked: usually that is the rest of the batch.
      long from = Math.max(start, earliestMicros);
      long to = Math.min(start + widthMicros, latestMicros + 1);
      int next = at;
      do {
        first = Math.min(first, end);
        last = Math.max(last, end);
        next++;
        end = next < samples ? ends[next] + skewMicros : Long.MAX_VALUE;
      } while (end >= from && end < to);
      spans.record(window, at, next);
      counted += next - at;
      late += window.isLate() ? next - at : 0;
      at = next;
    }
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

  /** Nearly always the window of the last batch: a division would take longer than the rest. */
  private long startOf(long micros, long widthMicros) {
    if (micros < lastStartMicros || micros - lastStartMicros >= widthMicros) {
      lastStartMicros = Math.floorDiv(micros, widthMicros) * widthMicros;
    }
    return lastStartMicros;
  }

  private void clear() {
    counted = 0;
    late = 0;
    rejectedAfterSending = 0;
    rejectedBeforeRun = 0;
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
}
