package io.tailrace.generator.plan;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** One pass through a scenario: what its templates can see. Not thread-safe. */
public final class Session {

  private final String[] values;
  private final long iteration;
  private final RandomGenerator random;
  private final LongSupplier micros;

  Session(int slots, long iteration, long seed, LongSupplier micros) {
    this.values = new String[slots];
    Arrays.fill(values, "");
    this.iteration = iteration;
    this.random = new SplittableRandom(seed ^ (iteration * 0x9E3779B97F4A7C15L));
    this.micros = micros;
  }

  public long iteration() {
    return iteration;
  }

  /** Keeps what a step extracted. */
  public void set(int slot, String value) {
    values[slot] = value;
  }

  String value(int slot) {
    return values[slot];
  }

  RandomGenerator random() {
    return random;
  }

  /** Milliseconds since 1970. */
  long nowMillis() {
    return micros.getAsLong() / 1_000;
  }
}
