package io.tailrace.objective;

import org.jspecify.annotations.Nullable;

/** A place in a text that is being read, and the faults found there. */
final class Cursor {
  private final String text;
  private int at;

  Cursor(String text) {
    this.text = text;
  }

  int at() {
    return at;
  }

  void back(int to) {
    at = to;
  }

  GrammarException fault(int offset, String fault) {
    return new GrammarException(text, offset + 1, fault);
  }

  GrammarException faultBefore(String fault) {
    return fault(Math.max(0, at - 1), fault);
  }

  /** The next character; 0 at the end. */
  char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  boolean atDigit() {
    return isDigit(peek());
  }

  boolean atEnd() {
    skipSpace();
    return at == text.length();
  }

  void end(String fault) {
    if (!atEnd()) {
      throw fault(at, fault);
    }
  }

  int skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** A space may stand between a number and its unit, but not before a clause's word. */
  int skipSpaceBeforePercent() {
    int before = at;
    skipSpace();
    if (peek() != '%' && peek() != '/' && !isUnitWordAhead()) {
      at = before;
    }
    return at;
  }

  private boolean isUnitWordAhead() {
    int start = at;
    String word = unit();
    at = start;
    return switch (word) {
      case "us", "µs", "μs", "ms", "s", "m", "min", "h", "rps", "req/s", "requests/s" -> true;
      case "MB", "MiB", "GB", "GiB", "percent" -> true;
      default -> false;
    };
  }

  /** Letters, digits, underscores and dots that start with a letter; empty when there is none. */
  String word() {
    int start = at;
    while (at < text.length() && isWord(text.charAt(at), at == start)) {
      at++;
    }
    return text.substring(start, at);
  }

  /** Takes {@code word} when it is next. */
  boolean takeWord(String word) {
    int start = at;
    skipSpace();
    if (word().equalsIgnoreCase(word)) {
      return true;
    }
    at = start;
    return false;
  }

  /** Digits and dots. */
  String number() {
    int start = at;
    while (isDigit(peek()) || peek() == '.') {
      at++;
    }
    return text.substring(start, at);
  }

  /** What may be a unit: letters, percent signs and slashes. */
  String unit() {
    int start = at;
    while (Character.isLetter(peek()) || peek() == '%' || peek() == '/') {
      at++;
    }
    return text.substring(start, at);
  }

  /** Characters that are part of no word, number or space. */
  String symbol() {
    int start = at;
    while ("<>=!≤≥&*".indexOf(peek()) >= 0 && peek() != 0) {
      at++;
    }
    return text.substring(start, at);
  }

  /** A string in double quotes, in which a backslash keeps the character after it. */
  String quoted() {
    int start = at;
    if (peek() != '"') {
      throw fault(at, "expected a text in double quotes");
    }
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\' && at + 1 < text.length()) {
        c = text.charAt(++at);
      }
      value.append(c);
    }
    throw fault(start, "this quote is never closed");
  }

  static String quote(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Refuses a clause that was there before. */
  <T> T once(int start, @Nullable T before, T value) {
    if (before != null) {
      throw fault(start, "this was said before");
    }
    return value;
  }

  private static boolean isWord(char c, boolean first) {
    return c == '_' || Character.isLetter(c) || (!first && (isDigit(c) || c == '.' || c == '-'));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\u00a0';
  }
}
