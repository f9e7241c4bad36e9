package io.tailrace.cli;

/** A command cannot go on; its message is all that a person needs to see. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  static CommandFailure failed(String message) {
    return new CommandFailure(ExitCode.FAILED, message);
  }

  static CommandFailure wrongUsage(String message) {
    return new CommandFailure(ExitCode.WRONG_USAGE, message);
  }

  int exitCode() {
    return exitCode;
  }
}
