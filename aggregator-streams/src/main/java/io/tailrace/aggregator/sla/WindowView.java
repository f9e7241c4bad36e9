package io.tailrace.aggregator.sla;

import io.tailrace.objective.Measurements;

/** One series in one window that has closed, as far as objectives look at it. */
public interface WindowView extends Measurements {
  long windowStartMicros();

  long windowMicros();

  /** The part of the window that the run covers. */
  long coveredMicros();

  /** 0 when the window first closed; one more with every correction. */
  int revision();

  /** Whether every expected node is in and nothing is known to be missing. */
  boolean complete();
}
