package io.tailrace.aggregator.topology;

/**
 * How far one partition's aggregation has come; written by its stream thread, read by anybody.
 *
 * <p>Single values are current, but not of one moment.
 */
public final class PartitionStatus {
  private final int partition;
  private volatile long nextOffset;
  private volatile long logMicros;
  private volatile long deadlineMicros = Long.MAX_VALUE;
  private volatile long touchedNanos;
  private volatile int openRuns;
  private volatile int openWindows;
  private volatile long liveBytes;
  private volatile long pendingBytes;
  private volatile long closeDelayMicros;

  PartitionStatus(int partition) {
    this.partition = partition;
  }

  void read(long nextOffset, long logMicros, long nowNanos) {
    this.nextOffset = nextOffset;
    this.logMicros = logMicros;
    touchedNanos = nowNanos;
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
    return nextOffset;
  }

  /** The append time of the latest record that was read. */
  public long logMicros() {
    return logMicros;
  }

  /** By when, in the log's time, something is to be decided even if nobody publishes. */
  public long deadlineMicros() {
    return deadlineMicros;
  }

  /** When a record was last read, by {@link System#nanoTime}. */
  public long touchedNanos() {
    return touchedNanos;
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
