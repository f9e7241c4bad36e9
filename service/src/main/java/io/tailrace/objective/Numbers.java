package io.tailrace.objective;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as people write them: no exponent, no trailing zeros. */
final class Numbers {
  private Numbers() {}

  static String plain(double value) {
    return text(BigDecimal.valueOf(value));
  }

  static String rounded(double value) {
    return Double.isFinite(value)
        ? text(BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP))
        : "unknown";
  }

  private static String text(BigDecimal value) {
    // Zero keeps its scale through stripTrailingZeros' own rules; say it plainly.
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
