package io.tailrace.generator.screen;

import java.util.Locale;

/** Numbers as people read them. */
final class Amounts {

  private Amounts() {}

  /** Microseconds as a time of at most seven characters. */
  static String time(long micros) {
    if (micros < 1_000) {
      return String.format(Locale.ROOT, "%d µs", micros);
    }
    double millis = micros / 1_000.0;
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.2f ms", millis);
    }
    if (millis < 100) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    if (millis < 10_000) {
      return String.format(Locale.ROOT, "%.0f ms", millis);
    }
    return String.format(Locale.ROOT, "%.1f s", millis / 1_000);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%,.0f", perSecond);
  }

  static String percent(double percent) {
    if (percent == 0) {
      return "0 %";
    }
    return String.format(Locale.ROOT, percent < 0.1 ? "%.3f %%" : "%.2f %%", percent);
  }

  static String span(long nanos) {
    long seconds = Math.max(0, Math.round(nanos / 1e9));
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d:%02d h", seconds / 3_600, seconds / 60 % 60);
  }

  static String bytes(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    double amount = bytes;
    int unit = 0;
    while (amount >= 1_024 && unit < 4) {
      amount /= 1_024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB", amount, "KMGT".charAt(unit - 1));
  }

  /** Cut to a width, with a sign that something is missing. */
  static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }
}
