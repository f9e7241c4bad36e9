package io.tailrace.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time of day, for what a person does by hand. */
final class WallClock {
  private WallClock() {}

  /** Microseconds since 1970. */
  static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
