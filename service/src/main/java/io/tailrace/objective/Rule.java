package io.tailrace.objective;

import io.tailrace.objective.Condition.OfMetric;
import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.Severity;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One objective, understood: what must hold, of which series, over which windows, and what follows
 * when it does not. Times are microseconds.
 *
 * @param overMicros the window it is judged over; 0 for the whole run, judged at its end
 * @param forMicros how long it must be broken before it counts
 * @param recoverMicros how long it must hold before it counts as recovered
 * @param ignoreMicros how much of the run's beginning is not judged
 * @param minRequests a window with fewer requests is not judged
 */
public record Rule(
    String name,
    OfMetric condition,
    SeriesSelector series,
    long overMicros,
    long forMicros,
    long recoverMicros,
    long ignoreMicros,
    long minRequests,
    Severity severity,
    ObjectiveAction action) {
  public static final long WHOLE_RUN = 0;
  public static final long DEFAULT_OVER_MICROS = 10_000_000;
  public static final long LEAST_DEFAULT_RECOVER_MICROS = 30_000_000;
  public static final int LONGEST_NAME = 200;

  static final long LONGEST_MICROS = 24L * 3_600_000_000L;
  private static final long LONGEST_OVER_MICROS = 60_000_000;
  private static final long BASE_MICROS = 1_000_000;

  /** Lends its unit to the durations of a rule. */
  static final Metric A_DURATION = new Metric("a duration", Metric.Kind.RESPONSE_MAX, 0);

  /** Refuses what contradicts itself. */
  public Rule {
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a name of " + name.length() + " characters; expected 1 to " + LONGEST_NAME);
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a name with control characters; expected plain text");
    }
    if (overMicros < 0 || forMicros < 0 || recoverMicros < 0 || ignoreMicros < 0) {
      throw new IllegalArgumentException("a negative duration; expected 0 or more");
    }
    if (minRequests < 0) {
      throw new IllegalArgumentException("min_requests is negative; expected 0 or more");
    }
    String fault = overFault(overMicros);
    if (overMicros != WHOLE_RUN && !fault.isEmpty()) {
      throw new IllegalArgumentException("over " + Times.write(overMicros) + ": " + fault);
    }
    if (overMicros == WHOLE_RUN && (forMicros > 0 || recoverMicros > 0)) {
      throw new IllegalArgumentException(
          "over run is judged once, at the end: for and recover mean nothing there");
    }
    if (overMicros == WHOLE_RUN && action == ObjectiveAction.ABORT) {
      throw new IllegalArgumentException(
          "over run is judged when the run has ended: there is nothing left to abort");
    }
    if (severity == Severity.INFO && action == ObjectiveAction.ABORT) {
      throw new IllegalArgumentException(
          "severity info does not fail a run, so it cannot abort one; expected warning or"
              + " critical");
    }
  }

  /** Reads one line such as {@code error_rate < 1% over 10s for 30s}. */
  public static Rule parse(String text) {
    return new Grammar(text).rule();
  }

  /** Reads what must hold, such as {@code p95 < 500ms}. */
  public static OfMetric condition(String text) {
    return new Grammar(text).wholeMetricCondition();
  }

  /** Understands a record; throws IllegalArgumentException when it says nothing that can be. */
  public static Rule from(Objective objective) {
    return new Rule(
        objective.getName(),
        condition(objective.getExpression()),
        SeriesSelector.parse(objective.getSeries()),
        objective.getOverMicros(),
        objective.getForMicros(),
        objective.getRecoverMicros(),
        objective.getIgnoreMicros(),
        objective.getMinRequests(),
        objective.getSeverity() == Severity.UNKNOWN ? Severity.WARNING : objective.getSeverity(),
        objective.getAction());
  }

  public Objective toRecord() {
    return Objective.newBuilder()
        .setName(name)
        .setExpression(condition.toString())
        .setSeries(series.toString())
        .setOverMicros(overMicros)
        .setForMicros(forMicros)
        .setRecoverMicros(recoverMicros)
        .setIgnoreMicros(ignoreMicros)
        .setMinRequests(minRequests)
        .setSeverity(severity)
        .setAction(action)
        .build();
  }

  public Rule named(String other) {
    return new Rule(
        other,
        condition,
        series,
        overMicros,
        forMicros,
        recoverMicros,
        ignoreMicros,
        minRequests,
        severity,
        action);
  }

  public boolean isOverRun() {
    return overMicros == WHOLE_RUN;
  }

  /** All of it but its name, on one line, defaults left out; parses back to the same rule. */
  @Override
  public String toString() {
    Draft defaults = new Draft(condition);
    defaults.name = name;
    defaults.overMicros = overMicros;
    defaults.forMicros = forMicros;
    Rule plain = defaults.rule();
    StringBuilder line = new StringBuilder(condition.toString());
    if (!series.equals(SeriesSelector.RUN)) {
      line.append(" on ").append(Cursor.quote(series.toString()));
    }
    if (overMicros != DEFAULT_OVER_MICROS) {
      line.append(" over ").append(isOverRun() ? "run" : Times.write(overMicros));
    }
    if (forMicros != 0) {
      line.append(" for ").append(Times.write(forMicros));
    }
    if (recoverMicros != plain.recoverMicros) {
      line.append(" recover ").append(Times.write(recoverMicros));
    }
    if (ignoreMicros != 0) {
      line.append(" ignore first ").append(Times.write(ignoreMicros));
    }
    if (minRequests != plain.minRequests) {
      line.append(" min ").append(minRequests).append(" requests");
    }
    if (severity != plain.severity) {
      line.append(" severity ").append(severity.name().toLowerCase(Locale.ROOT));
    }
    if (action == ObjectiveAction.ABORT) {
      line.append(" abort");
    }
    return line.toString();
  }

  static Optional<Severity> severity(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "info" -> Optional.of(Severity.INFO);
      case "warning" -> Optional.of(Severity.WARNING);
      case "critical" -> Optional.of(Severity.CRITICAL);
      default -> Optional.empty();
    };
  }

  /** What is wrong with a window of this length; empty when nothing is. */
  static String overFault(long micros) {
    boolean multiple = micros > 0 && micros % BASE_MICROS == 0;
    return multiple && micros <= LONGEST_OVER_MICROS
        ? ""
        : "expected run, or a multiple of 1s up to 1m";
  }

  /** A rule while it is being read: null for what was not said. */
  static final class Draft {
    final OfMetric condition;
    @Nullable String name;
    @Nullable SeriesSelector series;
    @Nullable Long overMicros;
    @Nullable Long forMicros;
    @Nullable Long recoverMicros;
    @Nullable Long ignoreMicros;
    @Nullable Long minRequests;
    @Nullable Severity severity;
    @Nullable ObjectiveAction action;

    Draft(OfMetric condition) {
      this.condition = condition;
    }

    Rule rule() {
      long over = overMicros == null ? DEFAULT_OVER_MICROS : overMicros;
      long held = forMicros == null ? 0 : forMicros;
      long recover = over == WHOLE_RUN ? 0 : Math.max(held, LEAST_DEFAULT_RECOVER_MICROS);
      Rule rule =
          new Rule(
              name == null ? "unnamed" : name,
              condition,
              series == null ? SeriesSelector.RUN : series,
              over,
              held,
              recoverMicros == null ? recover : recoverMicros,
              ignoreMicros == null ? 0 : ignoreMicros,
              minRequests == null ? condition.metric().defaultMinRequests() : minRequests,
              severity == null ? Severity.WARNING : severity,
              action == null ? ObjectiveAction.NONE : action);
      return name == null ? rule.named(shortened(rule.toString())) : rule;
    }

    private static String shortened(String line) {
      return line.length() <= LONGEST_NAME ? line : line.substring(0, LONGEST_NAME - 1) + "…";
    }
  }
}
