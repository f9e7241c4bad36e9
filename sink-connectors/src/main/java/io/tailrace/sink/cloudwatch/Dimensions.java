package io.tailrace.sink.cloudwatch;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The dimensions of one metric, in a form CloudWatch takes whatever a name contains: printable
 * ASCII, not blank, not beginning with a colon, at most 1,024 characters.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html">Dimension</a>
 */
record Dimensions(Map<String, String> values) {
  private static final int LONGEST = 1_024;

  static Dimensions of(Map<String, String> rendered) {
    Map<String, String> values = new LinkedHashMap<>();
    rendered.forEach(
        (name, value) -> {
          if (!value.isBlank()) {
            values.put(name, safe(value.strip()));
          }
        });
    return new Dimensions(values);
  }

  /** Two texts that differ stay different. */
  static String safe(String value) {
    StringBuilder safe = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= ' ' && c <= '~' && !(c == ':' && i == 0)) {
        safe.append(c);
      } else {
        safe.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return shortened(safe.toString(), LONGEST);
  }

  /** A text that is too long ends in a mark of what was cut. */
  static String shortened(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    String mark = String.format(Locale.ROOT, "~%08x", text.hashCode());
    return text.substring(0, longest - mark.length()) + mark;
  }
}
