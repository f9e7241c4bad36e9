package io.tailrace.sink.core.runner;

import java.time.Duration;

/**
 * Leaves a target alone after so many failures in a row, then lets one attempt find out whether it
 * is back. Used by the polling thread alone.
 */
final class Breaker {
  private final int mostFailures;
  private final long pauseNanos;
  private int failures;
  private boolean open;
  private boolean probing;
  private long openUntil;

  Breaker(int mostFailures, Duration pause) {
    this.mostFailures = mostFailures;
    this.pauseNanos = pause.toNanos();
  }

  boolean isOpen() {
    return open;
  }

  /** Whether an attempt may begin; the caller then begins it. */
  boolean admit(long now) {
    if (!open) {
      return true;
    }
    if (probing || now - openUntil < 0) {
      return false;
    }
    probing = true;
    return true;
  }

  /** An admitted attempt did not begin after all. */
  void notTried() {
    probing = false;
  }

  void succeeded() {
    failures = 0;
    open = false;
    probing = false;
  }

  void failed(long now) {
    failures++;
    probing = false;
    if (failures >= mostFailures) {
      open = true;
      openUntil = now + pauseNanos;
    }
  }
}
