package io.tailrace.objective;

/** Durations as people write them. */
public final class Times {
  private Times() {}

  /** Microseconds in the fewest words that parse back, such as 1m30s. */
  public static String write(long micros) {
    if (micros == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    long rest = append(text, micros, 3_600_000_000L, "h");
    rest = append(text, rest, 60_000_000, "m");
    rest = append(text, rest, 1_000_000, "s");
    rest = append(text, rest, 1_000, "ms");
    append(text, rest, 1, "us");
    return text.toString();
  }

  /** Reads what {@link #write} writes, and bare numbers as milliseconds. */
  public static long parseMicros(String text) {
    return new Grammar(text).wholeDurationMicros();
  }

  private static long append(StringBuilder text, long micros, long unitMicros, String unit) {
    if (micros >= unitMicros) {
      text.append(micros / unitMicros).append(unit);
    }
    return micros % unitMicros;
  }
}
