package io.tailrace.sink.core.template;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as people read them: no exponent, no more digits than mean anything. */
public final class Numbers {
  private static final int DIGITS = 3;

  private Numbers() {}

  public static String text(Number number) {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      return Double.isFinite(value) ? rounded(value).toPlainString() : "";
    }
    return String.valueOf(number);
  }

  private static BigDecimal rounded(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
  }
}
