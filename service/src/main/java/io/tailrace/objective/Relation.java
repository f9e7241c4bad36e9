package io.tailrace.objective;

/** How a value is held against a threshold. */
public enum Relation {
  BELOW("<"),
  AT_MOST("<="),
  ABOVE(">"),
  AT_LEAST(">="),
  EQUAL("=="),
  UNEQUAL("!=");

  private final String symbol;

  Relation(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }

  /** What was not measured (NaN) never holds. */
  public boolean holds(double value, double threshold) {
    return switch (this) {
      case BELOW -> value < threshold;
      case AT_MOST -> value <= threshold;
      case ABOVE -> value > threshold;
      case AT_LEAST -> value >= threshold;
      case EQUAL -> value == threshold;
      case UNEQUAL -> !Double.isNaN(value) && value != threshold;
    };
  }

  /** Whether {@code value} is further from holding than {@code other}. */
  public boolean isWorse(double value, double other, double threshold) {
    return switch (this) {
      case BELOW, AT_MOST -> value > other;
      case ABOVE, AT_LEAST -> value < other;
      case EQUAL -> Math.abs(value - threshold) > Math.abs(other - threshold);
      case UNEQUAL -> false;
    };
  }
}
