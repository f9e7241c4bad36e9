package io.tailrace.sink.elasticsearch;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names that the servers accept for an index. */
final class IndexName {
  private static final int LONGEST_BYTES = 255;
  private static final String FORBIDDEN = "\\/*?\"<>|,#: ";
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{.*?}}", Pattern.DOTALL);

  private IndexName() {}

  /** A name from outside, with everything the servers refuse taken out of it. */
  static String of(String text) {
    StringBuilder name = new StringBuilder(text.length());
    String lower = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      char next = lower.charAt(i);
      boolean refused =
          Character.isISOControl(next)
              || Character.isWhitespace(next)
              || FORBIDDEN.indexOf(next) >= 0
              || (name.length() == 0 && "-_+.".indexOf(next) >= 0);
      name.append(refused ? (name.length() == 0 ? 'x' : '-') : next);
    }
    while (name.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
      name.setLength(name.offsetByCodePoints(name.length(), -1));
    }
    return name.length() == 0 ? "x" : name.toString();
  }

  /** What all names of a template match: a star for every reference. */
  static String pattern(String template) {
    String marked = REFERENCE.matcher(template).replaceAll("\u0001");
    StringBuilder pattern = new StringBuilder();
    for (String part : marked.split("\u0001", -1)) {
      if (!part.isEmpty()) {
        pattern.append(pattern.isEmpty() ? of(part) : ofRest(part));
      }
      pattern.append('*');
    }
    pattern.setLength(pattern.length() - 1);
    return pattern.toString().replaceAll("\\*{2,}", "*");
  }

  private static String ofRest(String part) {
    return of("x" + part).substring(1);
  }
}
