package io.tailrace.cli;

/** What the process says when it ends; commands may add codes above these. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  private ExitCode() {}
}
