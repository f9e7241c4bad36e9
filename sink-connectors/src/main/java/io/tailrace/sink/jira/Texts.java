package io.tailrace.sink.jira;

import java.util.regex.Pattern;

/** Texts brought into the shape that Jira's fields take. */
final class Texts {
  static final int LONGEST_SUMMARY = 254;
  static final int LONGEST_BODY = 32_767;
  private static final int LONGEST_LABEL = 255;
  private static final String MORE = "...";
  private static final Pattern BLANK = Pattern.compile("[\\p{Cntrl}\\s\u2028\u2029]+");
  private static final Pattern UNWRITABLE = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

  private Texts() {}

  /** One line of at most 254 characters. */
  static String summary(String text) {
    String line = BLANK.matcher(text).replaceAll(" ").strip();
    return line.isEmpty() ? "(no summary)" : cut(line, LONGEST_SUMMARY);
  }

  /** A description or a comment, at most 32,767 characters. */
  static String body(String text) {
    return cut(lines(text), LONGEST_BODY);
  }

  /** A comment that ends on a line of its own, which is kept whole. */
  static String body(String text, String lastLine) {
    String end = "\n\n" + lastLine;
    return cut(lines(text), LONGEST_BODY - end.length()) + end;
  }

  private static String lines(String text) {
    return UNWRITABLE.matcher(text.replace("\r\n", "\n").replace('\r', '\n')).replaceAll("");
  }

  /** A label has no blanks; empty when nothing is left. */
  static String label(String text) {
    String label = BLANK.matcher(text.strip()).replaceAll("-");
    return label.length() > LONGEST_LABEL ? whole(label, LONGEST_LABEL) : label;
  }

  static String cut(String text, int longest) {
    return text.length() <= longest ? text : whole(text, longest - MORE.length()) + MORE;
  }

  /** Never half a character. */
  private static String whole(String text, int length) {
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }
}
