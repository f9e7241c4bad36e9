package io.tailrace.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write them: {@code 500ms}, {@code 1m30s}, or bare milliseconds. */
public final class Durations {
  public static final String EXPECTED =
      "a duration such as 500ms, 10s, 1m30s or 30d (a bare number is milliseconds)";

  private static final int LONGEST_TEXT = 64;
  private static final Pattern BARE = Pattern.compile("[0-9]+(\\.[0-9]+)?");
  private static final Pattern PART =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h|d)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L,
          "d", 86_400_000_000_000L);
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Duration.ofDays(36_500).toNanos());

  private Durations() {}

  /** The span that the text names; an {@link IllegalArgumentException} says what was expected. */
  public static Duration parse(String text) {
    String compact = text.strip().replace(" ", "").toLowerCase(Locale.ROOT);
    if (compact.isEmpty() || compact.length() > LONGEST_TEXT) {
      throw refused(text);
    }
    BigDecimal nanos = BARE.matcher(compact).matches() ? bareMillis(compact) : parts(compact, text);
    if (nanos.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("\"" + text + "\" is longer than a hundred years");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  private static BigDecimal bareMillis(String compact) {
    return new BigDecimal(compact).movePointRight(6);
  }

  private static BigDecimal parts(String compact, String text) {
    Matcher part = PART.matcher(compact);
    BigDecimal sum = BigDecimal.ZERO;
    int end = 0;
    while (part.find()) {
      Long unit = NANOS.get(part.group(2));
      if (part.start() != end || unit == null) {
        throw refused(text);
      }
      sum = sum.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
      end = part.end();
    }
    if (end != compact.length()) {
      throw refused(text);
    }
    return sum;
  }

  /** The shortest text that {@link #parse} reads back as the same span. */
  public static String format(Duration span) {
    long nanos = span.toNanos();
    if (nanos < 0) {
      throw new IllegalArgumentException("a negative span has no such form: " + span);
    }
    if (nanos == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    for (String unit : new String[] {"d", "h", "m", "s", "ms", "us", "ns"}) {
      long size = NANOS.getOrDefault(unit, 1L);
      if (nanos >= size) {
        text.append(nanos / size).append(unit);
        nanos %= size;
      }
    }
    return text.toString();
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException("\"" + text + "\" is not " + EXPECTED);
  }
}
