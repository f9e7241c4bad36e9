package io.tailrace.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of bytes as people write them: {@code 64MiB}, {@code 10kB}, or bare bytes. */
public final class Sizes {
  public static final String EXPECTED =
      "a size such as 512KiB, 64MiB or 1GB (a bare number is bytes)";

  private static final int LONGEST_TEXT = 40;
  private static final Pattern SIZE =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(b|kb|mb|gb|tb|kib|mib|gib|tib)?");
  private static final Map<String, Long> BYTES =
      Map.of(
          "b", 1L,
          "kb", 1_000L,
          "mb", 1_000_000L,
          "gb", 1_000_000_000L,
          "tb", 1_000_000_000_000L,
          "kib", 1L << 10,
          "mib", 1L << 20,
          "gib", 1L << 30,
          "tib", 1L << 40);
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Sizes() {}

  /** The bytes that the text names; an {@link IllegalArgumentException} says what was expected. */
  public static long parse(String text) {
    String compact = text.strip().toLowerCase(Locale.ROOT);
    Matcher size = SIZE.matcher(compact);
    if (compact.length() > LONGEST_TEXT || !size.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not " + EXPECTED);
    }
    String unit = size.group(2);
    long factor = unit == null ? 1 : BYTES.getOrDefault(unit, 1L);
    BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(factor));
    if (bytes.compareTo(LARGEST) > 0) {
      throw new IllegalArgumentException("\"" + text + "\" is more bytes than can be counted");
    }
    return bytes.longValue();
  }
}
