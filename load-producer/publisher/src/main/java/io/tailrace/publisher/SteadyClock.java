package io.tailrace.publisher;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Microseconds since 1970 that never run backwards: the wall clock at its creation, carried on by
 * the monotonic one.
 */
public final class SteadyClock implements LongSupplier {

  private final long originMicros;
  private final long originNanos;

  /** Anchored to the wall clock of this moment. */
  public SteadyClock() {
    Instant now = Instant.now();
    originNanos = System.nanoTime();
    originMicros = Math.addExact(now.getEpochSecond() * 1_000_000, now.getNano() / 1_000);
  }

  @Override
  public long getAsLong() {
    return originMicros + (System.nanoTime() - originNanos) / 1_000;
  }

  /** The same moment as {@code System.nanoTime()} gave it. */
  public long microsAt(long nanoTime) {
    return originMicros + Math.floorDiv(nanoTime - originNanos, 1_000L);
  }
}
