package io.tailrace.aggregator.topology;

import io.tailrace.record.NodeLedger;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a summary fit a record that brokers take: what people need least goes first, and the
 * summary says what went. Verdict, totals and counts stay.
 */
final class ShortSummary {
  // Brokers refuse records of a mebibyte by default.
  static final int LARGEST_BYTES = 900_000;
  private static final int LEAST = 10;
  private static final int SHORT_REASON = 80;

  private ShortSummary() {}

  /** The value of the summary, or of as much of it as fits. */
  static byte[] fit(RunSummary whole, Function<RunSummary, byte[]> serializer) {
    byte[] value = serializer.apply(whole);
    for (int most = 1_000; value.length > LARGEST_BYTES && most >= LEAST; most /= 3) {
      value = serializer.apply(shortened(whole, most));
    }
    return value;
  }

  private static RunSummary shortened(RunSummary whole, int most) {
    List<ObjectiveResult> objectives = worstOf(whole.getObjectives(), most);
    List<NodeLedger> ledgers = unbalancedOf(whole.getLedger(), most);
    List<String> reasons = new ArrayList<>();
    note(reasons, whole.getObjectives().size() - objectives.size(), "objectives");
    note(reasons, whole.getLedger().size() - ledgers.size(), "nodes' ledgers");
    whole.getReasons().stream().limit(most / LEAST).map(ShortSummary::cut).forEach(reasons::add);
    return new RunSummary(
        whole.getRun(),
        whole.getRevision(),
        withoutPlan(whole.getDescription()),
        whole.getStartMicros(),
        whole.getEndMicros(),
        whole.getFirstSampleMicros(),
        whole.getLastSampleMicros(),
        whole.getRequests(),
        whole.getErrors(),
        whole.getLate(),
        whole.getClamped(),
        whole.getThroughput(),
        whole.getErrorRatePercent(),
        whole.getResponseTime(),
        whole.getServiceTime(),
        whole.getSeriesCount(),
        whole.getOverflowRequests(),
        ledgers,
        objectives,
        whole.getVerdict(),
        reasons,
        whole.getStopped());
  }

  private static void note(List<String> reasons, int leftOut, String of) {
    if (leftOut > 0) {
      reasons.add(leftOut + " " + of + " are left out here: there is no room for them");
    }
  }

  /** Those that failed first. */
  private static List<ObjectiveResult> worstOf(List<ObjectiveResult> results, int most) {
    return results.stream()
        .sorted(Comparator.comparing(one -> one.getStatus() != ObjectiveStatus.FAILED))
        .limit(most)
        .map(ShortSummary::shortened)
        .toList();
  }

  private static ObjectiveResult shortened(ObjectiveResult result) {
    return new ObjectiveResult(
        result.getObjective(),
        result.getStatus(),
        cut(result.getReason()),
        result.getFirstFailedMicros(),
        result.getWorst(),
        result.getBrokenMicros());
  }

  /** Those that say something is missing first. */
  private static List<NodeLedger> unbalancedOf(List<NodeLedger> ledgers, int most) {
    return ledgers.stream()
        .sorted(Comparator.comparing(NodeLedger::getBalanced))
        .limit(most)
        .toList();
  }

  private static String cut(String reason) {
    return reason.length() <= SHORT_REASON ? reason : reason.substring(0, SHORT_REASON - 1) + "…";
  }

  private static @Nullable RunDescription withoutPlan(@Nullable RunDescription described) {
    return described == null
        ? null
        : new RunDescription(
            described.getTestName(),
            described.getEnvironment(),
            described.getVersion(),
            described.getTags(),
            described.getMode(),
            described.getGitCommit(),
            described.getGitBranch(),
            described.getExpectedNodes(),
            null,
            List.of(),
            described.getReportUrl());
  }
}
