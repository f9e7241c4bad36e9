package io.tailrace.objective;

import io.tailrace.objective.Condition.OfMetric;
import io.tailrace.objective.Condition.OfObjectives;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.Severity;
import java.util.Locale;

/**
 * The one parser of objectives, conditions and durations: a single pass from left to right.
 *
 * <pre>
 * rule      = condition clause*
 * condition = metric relation threshold | flag [("==" | "!=") ("true" | "false")]
 * clause    = "on" series | "over" (duration | "run") | "for" duration | "recover" duration
 *           | "ignore" ["first"] duration | "min" number ["requests"] | "severity" severity
 *           | "abort"
 * </pre>
 */
final class Grammar {
  /** Far beyond what a person writes; keeps what one message or one rule can cost small. */
  static final int LONGEST = 1_000;

  private final Cursor cursor;

  Grammar(String text) {
    cursor = new Cursor(text);
    if (text.length() > LONGEST) {
      throw cursor.fault(LONGEST, "expected at most " + LONGEST + " characters");
    }
  }

  Condition wholeCondition() {
    Condition condition = condition();
    cursor.end("the condition ends before this; expected nothing more");
    return condition;
  }

  OfMetric wholeMetricCondition() {
    OfMetric condition = metricCondition();
    cursor.end("the condition ends before this; expected nothing more");
    return condition;
  }

  /** A condition with its clauses; everything not said has its default. */
  Rule rule() {
    Rule.Draft draft = new Rule.Draft(metricCondition());
    while (!cursor.atEnd()) {
      clause(draft);
    }
    try {
      return draft.rule();
    } catch (IllegalArgumentException contradictory) {
      throw cursor.fault(0, String.valueOf(contradictory.getMessage()));
    }
  }

  /** A duration alone, in microseconds. */
  long wholeDurationMicros() {
    long micros = durationMicros();
    cursor.end("the duration ends before this; expected nothing more");
    return micros;
  }

  /** What is written after ignore: in microseconds. */
  long wholeIgnoreMicros() {
    cursor.takeWord("first");
    return wholeDurationMicros();
  }

  private Condition condition() {
    int start = cursor.skipSpace();
    String word = cursor.word();
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "sla_violations" -> new OfObjectives(flag());
      case "sla_passed" -> new OfObjectives(!flag());
      default -> {
        cursor.back(start);
        yield metricCondition();
      }
    };
  }

  private boolean flag() {
    if (cursor.atEnd()) {
      return true;
    }
    Relation relation = relation();
    if (relation != Relation.EQUAL && relation != Relation.UNEQUAL) {
      throw cursor.faultBefore("expected == or != for something that is true or false");
    }
    int start = cursor.skipSpace();
    boolean value =
        switch (cursor.word().toLowerCase(Locale.ROOT)) {
          case "true" -> true;
          case "false" -> false;
          default -> throw cursor.fault(start, "expected true or false");
        };
    return value == (relation == Relation.EQUAL);
  }

  private OfMetric metricCondition() {
    Metric metric = metric();
    Relation relation = relation();
    int start = cursor.skipSpace();
    double threshold = threshold(metric);
    if (metric.kind() == Metric.Kind.ERROR_RATE || metric.kind() == Metric.Kind.STATUS_SHARE) {
      if (threshold > 100) {
        throw cursor.fault(start, metric.name() + " is at most 100%");
      }
    }
    return new OfMetric(metric, relation, threshold);
  }

  private Metric metric() {
    int start = cursor.skipSpace();
    String word = cursor.word();
    if (word.isEmpty()) {
      throw cursor.fault(
          start, "expected a metric such as p95, error_rate, throughput or status 5xx");
    }
    if (word.equalsIgnoreCase("status")) {
      int at = cursor.skipSpace();
      return MetricNames.status(cursor, at, cursor.word());
    }
    return MetricNames.find(cursor, start, word);
  }

  private Relation relation() {
    int start = cursor.skipSpace();
    String symbol = cursor.symbol();
    return switch (symbol) {
      case "<" -> Relation.BELOW;
      case "<=", "≤" -> Relation.AT_MOST;
      case ">" -> Relation.ABOVE;
      case ">=", "≥" -> Relation.AT_LEAST;
      case "==" -> Relation.EQUAL;
      case "!=" -> Relation.UNEQUAL;
      case "=" -> throw cursor.fault(start, "expected == to compare, not =");
      default -> throw cursor.fault(start, "expected one of < <= > >= == !=");
    };
  }

  private double threshold(Metric metric) {
    Unit unit = metric.unit();
    double sum = 0;
    double smallest = Double.POSITIVE_INFINITY;
    boolean more = true;
    for (boolean first = true; more; first = false) {
      int start = cursor.skipSpace();
      double number = number(start, "expected " + unit.expectation() + " for " + metric.name());
      int unitStart = cursor.at();
      if (first) {
        unitStart = cursor.skipSpaceBeforePercent();
      }
      String written = cursor.unit();
      double factor = unit.factor(written);
      if (Double.isNaN(factor) || (!first && written.isEmpty())) {
        throw cursor.fault(unitStart, notAUnit(written, metric.name(), unit.expectation()));
      }
      if (factor >= smallest) {
        throw cursor.fault(unitStart, "expected a smaller unit than the one before it");
      }
      smallest = factor;
      sum += number * factor;
      // 1m30s: only a time goes on, and only without a space.
      more = unit == Unit.MILLISECONDS && !written.isEmpty() && cursor.atDigit();
    }
    return sum;
  }

  private static String notAUnit(String written, String name, String expectation) {
    return written.isEmpty()
        ? "expected a unit here"
        : written + " is not a unit of " + name + "; expected " + expectation;
  }

  private long durationMicros() {
    int start = cursor.skipSpace();
    if (cursor.peek() == '-') {
      throw cursor.fault(start, "expected a duration of 0 or more, such as 30s");
    }
    double millis = threshold(Rule.A_DURATION);
    double micros = millis * 1_000;
    if (micros > Rule.LONGEST_MICROS) {
      throw cursor.fault(start, "expected at most 24h");
    }
    return Math.round(micros);
  }

  private double number(int start, String expectation) {
    if (cursor.peek() == '-') {
      throw cursor.fault(start, "expected a value of 0 or more");
    }
    String digits = cursor.number();
    if (digits.isEmpty() || digits.startsWith(".") || digits.endsWith(".")) {
      throw cursor.fault(start, expectation);
    }
    if (digits.length() > 15 || digits.indexOf('.') != digits.lastIndexOf('.')) {
      throw cursor.fault(start, "expected a number of at most 14 digits");
    }
    return Double.parseDouble(digits);
  }

  private void clause(Rule.Draft draft) {
    int start = cursor.skipSpace();
    String word = cursor.word().toLowerCase(Locale.ROOT);
    switch (word) {
      case "on" -> draft.series = cursor.once(start, draft.series, selector());
      case "over" ->
          draft.overMicros =
              cursor.once(
                  start,
                  draft.overMicros,
                  cursor.takeWord("run") ? Rule.WHOLE_RUN : overMicros(cursor.skipSpace()));
      case "for" -> draft.forMicros = cursor.once(start, draft.forMicros, durationMicros());
      case "recover" ->
          draft.recoverMicros = cursor.once(start, draft.recoverMicros, durationMicros());
      case "ignore" -> {
        cursor.takeWord("first");
        draft.ignoreMicros = cursor.once(start, draft.ignoreMicros, durationMicros());
      }
      case "min" -> {
        int at = cursor.skipSpace();
        draft.minRequests =
            cursor.once(start, draft.minRequests, (long) number(at, "expected a bare number"));
        cursor.takeWord("requests");
      }
      case "severity" -> draft.severity = cursor.once(start, draft.severity, severity());
      case "abort" -> draft.action = cursor.once(start, draft.action, ObjectiveAction.ABORT);
      default ->
          throw cursor.fault(
              start, "expected on, over, for, recover, ignore, min, severity or abort, or the end");
    }
  }

  private long overMicros(int start) {
    long micros = durationMicros();
    String fault = Rule.overFault(micros);
    if (!fault.isEmpty()) {
      throw cursor.fault(start, fault);
    }
    return micros;
  }

  private SeriesSelector selector() {
    int start = cursor.skipSpace();
    if (cursor.peek() != '"') {
      if (cursor.symbol().equals("*")) {
        return SeriesSelector.RUN;
      }
      throw cursor.fault(start, "expected a series in double quotes, or *");
    }
    return SeriesSelector.parse(cursor.quoted());
  }

  private Severity severity() {
    int start = cursor.skipSpace();
    return Rule.severity(cursor.word())
        .orElseThrow(() -> cursor.fault(start, "expected info, warning or critical"));
  }
}
