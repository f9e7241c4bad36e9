package io.tailrace.aggregator.sla;

import io.tailrace.objective.Rule;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of the objectives of a run. */
final class Results {
  private static final int LONGEST_REASON = 300;

  private final List<Tally> tallies = new ArrayList<>();

  /** What the watches of one rule come to together. */
  private static final class Tally {
    int episodes;
    int retracted;
    int series;
    long longestMicros;
    long firstMicros = Long.MAX_VALUE;
    String firstSeries = "";
  }

  private Results(List<PinnedRule> rules, List<@Nullable SeriesJudge> bySeries) {
    rules.forEach(pinned -> tallies.add(new Tally()));
    for (SeriesJudge judge : bySeries) {
      if (judge != null) {
        judge.watches().forEach((rule, watch) -> add(rules.get(rule), judge, watch));
      }
    }
  }

  static List<ObjectiveResult> of(List<PinnedRule> rules, List<@Nullable SeriesJudge> bySeries) {
    Results results = new Results(rules, bySeries);
    return rules.stream().map(results::result).toList();
  }

  private void add(PinnedRule pinned, SeriesJudge judge, Watch watch) {
    Rule rule = pinned.rule;
    if (rule == null) {
      return;
    }
    Tally tally = tallies.get(pinned.number);
    tally.longestMicros = Math.max(tally.longestMicros, watch.brokenWindows * rule.overMicros());
    tally.retracted += watch.retracted;
    tally.episodes += watch.standing();
    if (watch.standing() > 0) {
      tally.series++;
      if (watch.firstFailedMicros < tally.firstMicros) {
        tally.firstMicros = watch.firstFailedMicros;
        tally.firstSeries = Episodes.label(judge.series());
      }
    }
  }

  private ObjectiveResult result(PinnedRule pinned) {
    Tally tally = tallies.get(pinned.number);
    boolean failed = tally.episodes > 0;
    ObjectiveStatus status =
        failed
            ? ObjectiveStatus.FAILED
            : pinned.wasJudged() ? ObjectiveStatus.PASSED : ObjectiveStatus.NOT_JUDGED;
    String reason =
        switch (status) {
          case FAILED -> whatBroke(pinned, tally);
          case NOT_JUDGED -> pinned.whyNotJudged();
          default -> "";
        };
    if (tally.retracted > 0) {
      reason += (reason.isEmpty() ? "" : "; ") + tally.retracted + " taken back after late samples";
    }
    if (pinned.turnedAway() > 0 && status != ObjectiveStatus.NOT_JUDGED) {
      reason +=
          (reason.isEmpty() ? "" : "; ")
              + pinned.turnedAway()
              + " series were not judged: too many for all objectives";
    }
    return ObjectiveResult.newBuilder()
        .setObjective(pinned.objective)
        .setStatus(status)
        .setReason(shortened(reason))
        .setFirstFailedMicros(failed ? tally.firstMicros : null)
        .setWorst(pinned.worst())
        .setBrokenMicros(tally.longestMicros)
        .build();
  }

  private static String whatBroke(PinnedRule pinned, Tally tally) {
    Rule rule = pinned.rule;
    Double worst = pinned.worst();
    String value =
        rule == null || worst == null ? "" : rule.condition().metric().unit().show(worst);
    String where =
        tally.series == 1 ? tally.firstSeries : tally.firstSeries + " first, of " + tally.series;
    String times = tally.episodes == 1 ? "" : ", " + tally.episodes + " times";
    return value + " at worst; broken by " + where + times;
  }

  private static String shortened(String reason) {
    return reason.length() <= LONGEST_REASON
        ? reason
        : reason.substring(0, LONGEST_REASON - 1) + "…";
  }
}
