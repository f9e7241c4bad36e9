package io.tailrace.objective;

/** Something that holds or does not: of a measured value, or of the run's objectives. */
public sealed interface Condition permits Condition.OfMetric, Condition.OfObjectives {

  /** A metric held against a threshold in the metric's unit, such as p95 &lt; 500ms. */
  record OfMetric(Metric metric, Relation relation, double threshold) implements Condition {
    public boolean holds(double value) {
      return relation.holds(value, threshold);
    }

    /** A value that was not measured makes no condition hold. */
    @Override
    public boolean holds(Measurements measured, boolean violated) {
      return holds(metric.of(measured));
    }

    @Override
    public String toString() {
      return metric.shortName() + " " + relation.symbol() + " " + metric.unit().write(threshold);
    }
  }

  /** Whether any objective is violated, such as sla_violations: true. */
  record OfObjectives(boolean expected) implements Condition {
    @Override
    public boolean holds(Measurements measured, boolean violated) {
      return violated == expected;
    }

    @Override
    public String toString() {
      return "sla_violations == " + expected;
    }
  }

  /** Whether it holds; {@code violated} is whether any objective of the run is or was violated. */
  boolean holds(Measurements measured, boolean violated);

  /** Reads text such as {@code error_rate > 10} or {@code sla_violations}. */
  static Condition parse(String text) {
    return new Grammar(text).wholeCondition();
  }

  /**
   * Reads one entry of a configuration, such as {@code error_rate: "> 5"}, {@code sla_violations:
   * true} or {@code condition: "p95 > 2000"}.
   */
  static Condition parse(String key, Object value) {
    if (key.equals("condition")) {
      return parse(String.valueOf(value));
    }
    if (value instanceof Boolean expected) {
      return parse(key + " == " + expected);
    }
    String text = String.valueOf(value);
    // A bare number names no direction: whether it is a limit above or below cannot be guessed.
    return parse(key + " " + text);
  }
}
