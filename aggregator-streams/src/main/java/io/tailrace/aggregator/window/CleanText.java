package io.tailrace.aggregator.window;

import java.util.Map;
import java.util.TreeMap;

/**
 * Names as they may go on to people and other systems: of bounded length, no control characters.
 */
public final class CleanText {
  static final int LONGEST = 256;
  private static final int MOST_TAGS = 32;
  private static final char REPLACEMENT = '\uFFFD';
  private static final char ELLIPSIS = '\u2026';

  private CleanText() {}

  public static String of(String text) {
    if (isClean(text)) {
      return text;
    }
    int length = Math.min(text.length(), LONGEST);
    StringBuilder clean = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char next = text.charAt(i);
      clean.append(Character.isISOControl(next) ? REPLACEMENT : next);
    }
    if (text.length() > LONGEST) {
      clean.setCharAt(LONGEST - 1, ELLIPSIS);
      if (Character.isHighSurrogate(clean.charAt(LONGEST - 2))) {
        clean.setCharAt(LONGEST - 2, REPLACEMENT);
      }
    }
    return clean.toString();
  }

  /** The first tags in the order of their names. */
  public static Map<String, String> of(Map<String, String> tags) {
    Map<String, String> clean = new TreeMap<>();
    for (Map.Entry<String, String> tag : new TreeMap<>(tags).entrySet()) {
      if (clean.size() < MOST_TAGS) {
        clean.put(of(tag.getKey()), of(tag.getValue()));
      }
    }
    return clean;
  }

  private static boolean isClean(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
