package io.tailrace.objective;

import java.util.Locale;

/** What a metric is measured in, and how a threshold for it may be written. */
public enum Unit {
  MILLISECONDS("ms", "a time such as 500ms, 2s or 1m30s, or a bare number of milliseconds"),
  PERCENT("percent", "a percentage such as 1% or 0.5"),
  PER_SECOND("requests/s", "a rate such as 100/s, or a bare number of requests a second"),
  COUNT("", "a bare number"),
  MEBIBYTES("MB", "an amount such as 512MB or 2GB, or a bare number of MB");

  private final String symbol;
  private final String expectation;

  Unit(String symbol, String expectation) {
    this.symbol = symbol;
    this.expectation = expectation;
  }

  /** As it is written in records; empty for a count. */
  public String symbol() {
    return symbol;
  }

  /** How a threshold in this unit is written, for messages. */
  public String expectation() {
    return expectation;
  }

  /** What one of {@code written} is in this unit; NaN when it is not of this unit. */
  double factor(String written) {
    String lower = written.toLowerCase(Locale.ROOT);
    return switch (this) {
      case MILLISECONDS ->
          switch (lower) {
            case "us", "µs", "μs" -> 0.001;
            case "", "ms" -> 1;
            case "s" -> 1_000;
            case "m", "min" -> 60_000;
            case "h" -> 3_600_000;
            default -> Double.NaN;
          };
      case PERCENT ->
          switch (lower) {
            case "", "%", "percent" -> 1;
            default -> Double.NaN;
          };
      case PER_SECOND ->
          switch (lower) {
            case "", "/s", "rps", "req/s", "requests/s" -> 1;
            default -> Double.NaN;
          };
      case COUNT -> lower.isEmpty() ? 1 : Double.NaN;
      case MEBIBYTES ->
          switch (lower) {
            case "", "mb", "mib" -> 1;
            case "gb", "gib" -> 1_024;
            default -> Double.NaN;
          };
    };
  }

  /** A value with its unit, as it parses back. */
  public String write(double value) {
    return switch (this) {
      case MILLISECONDS ->
          value >= 1_000 && value % 1_000 == 0
              ? Numbers.plain(value / 1_000) + "s"
              : Numbers.plain(value) + "ms";
      case PERCENT -> Numbers.plain(value) + "%";
      case PER_SECOND -> Numbers.plain(value) + "/s";
      case COUNT -> Numbers.plain(value);
      case MEBIBYTES -> Numbers.plain(value) + "MB";
    };
  }

  /** A measured value for people: three decimals at most. */
  public String show(double value) {
    return switch (this) {
      case MILLISECONDS -> Numbers.rounded(value) + " ms";
      case PERCENT -> Numbers.rounded(value) + "%";
      case PER_SECOND -> Numbers.rounded(value) + "/s";
      case COUNT -> Numbers.rounded(value);
      case MEBIBYTES -> Numbers.rounded(value) + " MB";
    };
  }
}
