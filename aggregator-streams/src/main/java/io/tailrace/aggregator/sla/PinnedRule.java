package io.tailrace.aggregator.sla;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.objective.Condition.OfMetric;
import io.tailrace.objective.Rule;
import io.tailrace.objective.Times;
import io.tailrace.record.Objective;
import org.jspecify.annotations.Nullable;

/** One objective of a run and what its windows came to, over all series. */
final class PinnedRule {
  final int number;
  final Objective objective;

  /** Null when the objective says nothing that can be judged; then the fault says why. */
  final @Nullable Rule rule;

  final String fault;

  private long judged;
  private long incomplete;
  private long tooFew;
  private long partlyCovered;
  private long unmeasured;
  private double worst = Double.NaN;
  // Not saved: found again when the series are matched again, in the same order.
  private long turnedAway;

  PinnedRule(int number, Objective objective, @Nullable Rule rule, String fault) {
    this.number = number;
    this.objective = objective;
    this.rule = rule;
    this.fault = fault;
  }

  /** Understands an objective; one that cannot be understood is kept, and says so in the end. */
  static PinnedRule of(int number, Objective objective, long baseMicros) {
    try {
      Rule rule = Rule.from(objective);
      if (rule.overMicros() % baseMicros != 0) {
        throw new IllegalArgumentException(
            "over %s is no multiple of the %s that windows last here"
                .formatted(Times.write(rule.overMicros()), Times.write(baseMicros)));
      }
      return new PinnedRule(number, objective, rule, "");
    } catch (IllegalArgumentException cannotBeJudged) {
      return new PinnedRule(number, objective, null, String.valueOf(cannotBeJudged.getMessage()));
    }
  }

  /** Whether a window says anything about this rule; counts why not. */
  boolean admits(Rule understood, WindowView view, double value) {
    if (view.requests() < understood.minRequests()) {
      tooFew++;
      return false;
    }
    boolean partly = !understood.isOverRun() && view.coveredMicros() < view.windowMicros();
    if (partly && understood.condition().metric().needsWholeWindow()) {
      partlyCovered++;
      return false;
    }
    if (Double.isNaN(value)) {
      unmeasured++;
      return false;
    }
    judged++;
    if (!view.complete()) {
      incomplete++;
    }
    OfMetric condition = understood.condition();
    if (judged == 1 || condition.relation().isWorse(value, worst, condition.threshold())) {
      worst = value;
    }
    return true;
  }

  /** Notes a series that is not judged because there are too many already. */
  void turnAway() {
    turnedAway++;
  }

  long turnedAway() {
    return turnedAway;
  }

  boolean wasJudged() {
    return judged > 0;
  }

  long incompleteWindows() {
    return incomplete;
  }

  @Nullable Double worst() {
    return judged == 0 ? null : (Double) worst;
  }

  /** Why nothing was judged. */
  String whyNotJudged() {
    if (rule == null) {
      return fault;
    }
    if (turnedAway > 0) {
      return "the run has too many series for all of its objectives";
    }
    if (tooFew > 0) {
      return "no window had the " + rule.minRequests() + " requests it takes";
    }
    if (partlyCovered > 0) {
      return "the run covered no window whole";
    }
    if (unmeasured > 0) {
      return rule.condition().metric().name() + " was not measured";
    }
    return "no window of "
        + (rule.isOverRun() ? "the run" : "a series " + rule.series())
        + " was seen";
  }

  void writeTo(ByteWriter state) {
    state.writeUnsigned(judged);
    state.writeUnsigned(incomplete);
    state.writeUnsigned(tooFew);
    state.writeUnsigned(partlyCovered);
    state.writeUnsigned(unmeasured);
    state.writeDouble(worst);
  }

  void readFrom(ByteReader state) {
    judged = state.readUnsigned();
    incomplete = state.readUnsigned();
    tooFew = state.readUnsigned();
    partlyCovered = state.readUnsigned();
    unmeasured = state.readUnsigned();
    worst = state.readDouble();
  }
}
