package io.tailrace.publisher;

/** Lets one message in ten seconds through: a broken connection fails many times a second. */
final class LogPace {

  private static final long PAUSE_NANOS = 10_000_000_000L;

  private boolean logged;
  private long lastNanos;

  boolean mayLog() {
    long now = System.nanoTime();
    if (logged && now - lastNanos < PAUSE_NANOS) {
      return false;
    }
    logged = true;
    lastNanos = now;
    return true;
  }
}
