package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.CleanText;
import io.tailrace.record.Objective;
import io.tailrace.record.RunDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run is, as it may go on to people and other systems: it is part of every record about the
 * run, so one text too long in it would make every record one that brokers refuse.
 */
final class Described {
  private static final int LONGEST_PLAN = 100_000;
  private static final int LONGEST_URL = 2_000;

  private Described() {}

  /** The description with all of its texts bounded and without control characters. */
  static RunDescription bounded(RunDescription raw) {
    String plan = raw.getPlan();
    String url = raw.getReportUrl();
    // Half a link leads nowhere.
    boolean isLink =
        url != null
            && url.length() <= LONGEST_URL
            && url.chars().noneMatch(Character::isISOControl);
    return new RunDescription(
        CleanText.of(raw.getTestName()),
        CleanText.of(raw.getEnvironment()),
        CleanText.of(raw.getVersion()),
        CleanText.of(raw.getTags()),
        raw.getMode(),
        cleanOrNull(raw.getGitCommit()),
        cleanOrNull(raw.getGitBranch()),
        raw.getExpectedNodes(),
        plan != null && plan.length() > LONGEST_PLAN ? plan.substring(0, LONGEST_PLAN) : plan,
        raw.getObjectives(),
        isLink ? url : null);
  }

  /** A copy by hand: Avro's own asks for trust in every class it copies. */
  static RunDescription with(
      RunDescription described, @Nullable String plan, List<Objective> objectives) {
    return new RunDescription(
        described.getTestName(),
        described.getEnvironment(),
        described.getVersion(),
        described.getTags(),
        described.getMode(),
        described.getGitCommit(),
        described.getGitBranch(),
        described.getExpectedNodes(),
        plan,
        objectives,
        described.getReportUrl());
  }

  private static @Nullable String cleanOrNull(@Nullable String text) {
    return text == null ? null : CleanText.of(text);
  }
}
