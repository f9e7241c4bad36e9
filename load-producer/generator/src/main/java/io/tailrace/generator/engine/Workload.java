package io.tailrace.generator.engine;

import org.jspecify.annotations.Nullable;

/** Where an event loop's visits come from. Times are {@code System.nanoTime()}. */
sealed interface Workload permits OpenWorkload, ClosedWorkload, NoWorkload {

  Workload NONE = new NoWorkload();

  /** When the next visit is due; {@code Long.MAX_VALUE} when none is known yet. */
  long nextDueNanos();

  /** The next visit, to be sent now; null when it cannot be taken and was recorded as such. */
  @Nullable Visit next(long nowNanos);

  /** Records the next visit as one that could not be sent. */
  void giveUp(long nowNanos, String error);

  /** For how long the next visit may wait for a connection. */
  long patienceNanos();

  /** A visit is over. */
  void over(Visit visit, long nowNanos);

  /** Nothing more will come of itself. */
  boolean isExhausted();

  /** Forgets what is not due before a moment, or all of it. */
  void endAt(long nanos);

  /** Whether visits may go on with further steps once the run's time is over. */
  boolean finishesVisits();
}
