package io.tailrace.demo;

/** Colours for a terminal that shows them, or none. */
public enum Ink {
  COLOURED,
  PLAIN;

  private static final String RESET = "\u001b[0m";

  String good(String text) {
    return in("\u001b[32m", text);
  }

  String bad(String text) {
    return in("\u001b[31;1m", text);
  }

  String bold(String text) {
    return in("\u001b[1m", text);
  }

  String faint(String text) {
    return in("\u001b[2m", text);
  }

  private String in(String colour, String text) {
    return this == COLOURED ? colour + text + RESET : text;
  }
}
