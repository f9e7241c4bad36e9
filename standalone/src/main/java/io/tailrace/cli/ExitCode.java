package io.tailrace.cli;

/** What the process says when it ends; commands may add codes above these. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  /** An objective of the run failed, which may also have stopped it. */
  static final int RUN_FAILED = 99;

  /** Samples of the run are missing, and nothing failed. */
  static final int RUN_INCOMPLETE = 98;

  /** A person stopped the run, and nothing failed. */
  static final int RUN_STOPPED = 97;

  /** The run has no verdict yet. */
  static final int NO_VERDICT = 96;

  private ExitCode() {}
}
