package io.tailrace.generator.engine;

import org.jspecify.annotations.Nullable;

/** What an event loop has before its run begins. */
record NoWorkload() implements Workload {

  @Override
  public long nextDueNanos() {
    return Long.MAX_VALUE;
  }

  @Override
  public @Nullable Visit next(long nowNanos) {
    return null;
  }

  @Override
  public void giveUp(long nowNanos, String error) {}

  @Override
  public long patienceNanos() {
    return Long.MAX_VALUE;
  }

  @Override
  public void over(Visit visit, long nowNanos) {}

  @Override
  public boolean isExhausted() {
    return true;
  }

  @Override
  public void endAt(long nanos) {}

  @Override
  public boolean finishesVisits() {
    return false;
  }
}
