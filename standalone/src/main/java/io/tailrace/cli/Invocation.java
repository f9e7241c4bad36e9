package io.tailrace.cli;

/** What a person types to run this program again: what the launcher was called as. */
final class Invocation {
  private static final String PROPERTY = "tailrace.command";

  private Invocation() {}

  static String command() {
    return System.getProperty(PROPERTY, "tailrace");
  }
}
