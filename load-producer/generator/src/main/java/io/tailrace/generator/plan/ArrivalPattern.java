package io.tailrace.generator.plan;

/** How arrivals are spread within a schedule. */
public enum ArrivalPattern {
  /** Evenly: each in the middle of its slot. */
  UNIFORM,
  /** At random, as independent visitors come; the same seed gives the same moments. */
  POISSON
}
