package io.tailrace.aggregator.topology;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far one partition's aggregation has come; written by its stream thread, read by anybody.
 *
 * <p>Single values are current, but not of one moment.
 */
public final class PartitionStatus {
  private final int partition;
  // Set for every record: in order, but without waiting until other processors see it.
  private final AtomicLong nextOffset = new AtomicLong();
  private final AtomicLong logMicros = new AtomicLong();
  private final AtomicLong touchedNanos = new AtomicLong();

  private volatile long deadlineMicros = Long.MAX_VALUE;
  private volatile int openRuns;
  private volatile int openWindows;
  private volatile long liveBytes;
  private volatile long pendingBytes;
  private volatile long closeDelayMicros;

  PartitionStatus(int partition) {
    this.partition = partition;
  }

  void read(long nextOffset, long logMicros, long nowNanos) {
    this.nextOffset.setRelease(nextOffset);
    this.logMicros.setRelease(logMicros);
    touchedNanos.setRelease(nowNanos);
  }

  void saved(
      int openRuns, int openWindows, long deadlineMicros, long liveBytes, long pendingBytes) {
    this.openRuns = openRuns;
    this.openWindows = openWindows;
    this.deadlineMicros = deadlineMicros;
    this.liveBytes = liveBytes;
    this.pendingBytes = pendingBytes;
  }

  void closed(long delayMicros) {
    closeDelayMicros = delayMicros;
  }

  public int partition() {
    return partition;
  }

  /** The offset of the record that is read next. */
  public long nextOffset() {
    return nextOffset.get();
  }

  /** The append time of the latest record that was read. */
  public long logMicros() {
    return logMicros.get();
  }

  /** By when, in the log's time, something is to be decided even if nobody publishes. */
  public long deadlineMicros() {
    return deadlineMicros;
  }

  /** When a record was last read, by {@link System#nanoTime}. */
  public long touchedNanos() {
    return touchedNanos.get();
  }

  public int openRuns() {
    return openRuns;
  }

  public int openWindows() {
    return openWindows;
  }

  public long liveBytes() {
    return liveBytes;
  }

  /** Bytes that the last commit took out of the task. */
  public long pendingBytes() {
    return pendingBytes;
  }

  /** From the end of the window that closed last to its being sent. */
  public long closeDelayMicros() {
    return closeDelayMicros;
  }
}
