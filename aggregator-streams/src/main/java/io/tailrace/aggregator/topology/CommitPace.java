package io.tailrace.aggregator.topology;

import java.util.concurrent.TimeUnit;

/**
 * When a commit is asked for before its interval is over: soon after a window has closed, unless
 * the input is being caught up with; and when much is waiting to be sent.
 */
final class CommitPace {
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long BEHIND_MICROS = TimeUnit.SECONDS.toMicros(5);
  private static final long MUCH_BYTES = 8 << 20;

  private long lastNanos = System.nanoTime() - BETWEEN_NANOS;

  /** Whether to commit now; clocks only decide when results leave, never what they are. */
  boolean isDue(boolean hasWindows, long waitingBytes, long logMicros, long nowNanos) {
    if (waitingBytes > MUCH_BYTES) {
      lastNanos = nowNanos;
      return true;
    }
    if (!hasWindows || nowNanos - lastNanos < BETWEEN_NANOS) {
      return false;
    }
    // Who is behind stays so for a while, and need not ask for the time at every record.
    lastNanos = nowNanos;
    long nowMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    return nowMicros - logMicros <= BEHIND_MICROS;
  }
}
