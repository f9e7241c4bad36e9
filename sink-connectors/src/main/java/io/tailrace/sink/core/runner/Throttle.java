package io.tailrace.sink.core.runner;

/** Spaces attempts so that no second sees more than the rate. Used by the polling thread alone. */
final class Throttle {
  private static final double NANOS_PER_SECOND = 1e9;

  private final long spacingNanos;
  private boolean used;
  private long next;

  /**
   * A rate to keep.
   *
   * @param perSecond most attempts a second; infinite for no limit
   */
  Throttle(double perSecond) {
    this.spacingNanos = (long) (NANOS_PER_SECOND / perSecond);
  }

  boolean isOpen(long now) {
    return spacingNanos == 0 || !used || now - next >= 0;
  }

  void take(long now) {
    if (spacingNanos > 0) {
      next = !used || now - next > spacingNanos ? now + spacingNanos : next + spacingNanos;
      used = true;
    }
  }
}
