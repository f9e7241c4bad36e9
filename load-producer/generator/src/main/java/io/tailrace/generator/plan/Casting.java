package io.tailrace.generator.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Who plays what on one node: a scenario and a session for each iteration. For all threads. */
public final class Casting {

  private final List<Scenario> scenarios;
  private final Map<Feeder, FeederCursor> cursors = new LinkedHashMap<>();
  private final int totalWeight;
  private final long seed;
  private final LongSupplier micros;

  /**
   * Deals out the feeders' rows.
   *
   * @param micros the clock, in microseconds since 1970
   * @throws IllegalArgumentException when a feeder has fewer rows than there are nodes
   */
  public Casting(Plan plan, Share node, LongSupplier micros) {
    this.scenarios = plan.scenarios();
    this.totalWeight = scenarios.stream().mapToInt(Scenario::weight).sum();
    this.seed = plan.load().seed();
    this.micros = micros;
    for (Scenario scenario : scenarios) {
      for (Feeder feeder : scenario.feeders()) {
        cursors.computeIfAbsent(feeder, f -> new FeederCursor(f, node));
      }
    }
  }

  /** The scenario of an iteration: at random by weight, yet the same in every run of this seed. */
  public Scenario scenario(long iteration) {
    if (scenarios.size() == 1) {
      return scenarios.get(0);
    }
    long drawn = Math.floorMod(mixed(iteration + seed), (long) totalWeight);
    for (Scenario scenario : scenarios) {
      drawn -= scenario.weight();
      if (drawn < 0) {
        return scenario;
      }
    }
    throw new IllegalStateException("weights do not add up to " + totalWeight);
  }

  public Session session(Scenario scenario, long iteration) {
    return scenario.session(iteration, seed, cursors, micros);
  }

  /** The finishing step of SplittableRandom: neighbouring numbers give unrelated ones. */
  private static long mixed(long value) {
    long z = value * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
