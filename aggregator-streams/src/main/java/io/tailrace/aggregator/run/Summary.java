package io.tailrace.aggregator.run;

import io.tailrace.aggregator.sla.Judgement;
import io.tailrace.aggregator.window.SeriesCell;
import io.tailrace.aggregator.window.SeriesTable;
import io.tailrace.record.Distribution;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.NodeLedger;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.RunSummary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a run, made when it ends. */
final class Summary {
  private static final int MOST_REASONS = 20;
  private static final int MOST_LEDGERS = 2_000;

  private final RunRules rules;
  private final RunRecord record;
  private final Fleet fleet;
  private final Windows windows;
  private final SeriesTable series;
  private final List<ObjectiveResult> objectives;

  Summary(
      RunRules rules,
      RunRecord record,
      Fleet fleet,
      Windows windows,
      SeriesTable series,
      List<ObjectiveResult> objectives) {
    this.rules = rules;
    this.record = record;
    this.fleet = fleet;
    this.windows = windows;
    this.series = series;
    this.objectives = objectives;
  }

  /** Whether every expected node has come and nothing of any is missing. */
  static boolean isComplete(RunRecord record, Fleet fleet) {
    return fleet.nodesJoined() >= fleet.nodesExpected()
        && record.description != null
        && record.unreadBatches == 0
        && fleet.lives().stream().allMatch(Summary::isWhole);
  }

  private static boolean isWhole(NodeLife life) {
    return life.isBalanced() && life.rejected == 0 && life.quarantined == 0;
  }

  RunSummary toRecord() {
    SeriesCell whole = windows.total().cellOrNull(SeriesTable.RUN);
    long requests = whole == null ? 0 : whole.requests();
    long errors = whole == null ? 0 : whole.errors();
    long start = record.reportedStartMicros();
    Judgement judgement = Judgement.of(objectives, reasons(), isComplete(record, fleet));
    long spanMicros = Math.max(1_000, record.lastSampleMicros - start);
    Distribution response = whole == null ? null : whole.responseTimes();
    return RunSummary.newBuilder()
        .setRun(record.id)
        .setRevision(record.summaryRevision)
        .setDescription(record.description)
        .setStartMicros(start)
        .setEndMicros(record.endMicros)
        .setFirstSampleMicros(record.hasSamples() ? record.firstSampleMicros : null)
        .setLastSampleMicros(record.hasSamples() ? record.lastSampleMicros : null)
        .setRequests(requests)
        .setErrors(errors)
        .setLate(whole == null ? 0 : whole.late())
        .setClamped(whole == null ? 0 : whole.clamped())
        .setThroughput(requests == 0 ? 0 : requests * 1e6 / spanMicros)
        .setErrorRatePercent(requests == 0 ? 0 : 100.0 * errors / requests)
        .setResponseTime(response)
        .setServiceTime(whole == null ? null : whole.serviceTimes())
        .setSeriesCount(series.ownSeries())
        .setOverflowRequests(windows.overflowRequests())
        .setLedger(ledgers())
        .setObjectives(objectives)
        .setVerdict(judgement.verdict())
        .setReasons(judgement.reasons())
        .setStopped(stopped())
        .build();
  }

  private List<NodeLedger> ledgers() {
    return fleet.lives().stream().limit(MOST_LEDGERS).map(NodeLife::ledger).toList();
  }

  private List<String> reasons() {
    List<String> reasons = new ArrayList<>(record.reasons());
    if (record.description == null) {
      reasons.add("the run was never described: no batch carried a description");
    }
    if (fleet.nodesJoined() < fleet.nodesExpected()) {
      reasons.add(
          "%d of %d expected nodes took part"
              .formatted(fleet.nodesJoined(), fleet.nodesExpected()));
    }
    if (record.unreadBatches > 0) {
      reasons.add(record.unreadBatches + " unreadable batches of no known node");
    }
    fleet.namesUsedTwice().stream()
        .sorted()
        .forEach(node -> reasons.add("two nodes were called " + node + " at the same time"));
    if (windows.forcedClosings() > 0) {
      reasons.add(
          windows.forcedClosings() + " windows were closed early: too many were open at once");
    }
    fleet.lives().stream().map(Summary::faultsOf).forEach(reasons::addAll);
    fleet.lives().stream().filter(this::isBehind).map(Summary::behind).forEach(reasons::add);
    if (reasons.size() > MOST_REASONS) {
      int more = reasons.size() - MOST_REASONS;
      reasons.subList(MOST_REASONS, reasons.size()).clear();
      reasons.add("and " + more + " more");
    }
    return reasons;
  }

  private boolean isBehind(NodeLife life) {
    return record.checksClocks()
        && life.leastBehindMicros != Long.MAX_VALUE
        && life.leastBehindMicros > rules.skewMicros();
  }

  private static String behind(NodeLife life) {
    return "the clock of %s is %.1f s behind, or none of its batches came sooner than that"
        .formatted(life.node, life.leastBehindMicros / 1e6);
  }

  private static List<String> faultsOf(NodeLife life) {
    List<String> faults = new ArrayList<>();
    if (!life.joined) {
      faults.add(life.node + " never joined");
    }
    if (life.left == null) {
      faults.add(life.node + (life.silent ? " fell silent" : " was started anew without leaving"));
    }
    if (life.gaps() > 0 || life.missing() > 0) {
      faults.add(
          "%d samples in %d batches of %s are missing"
              .formatted(life.missing(), life.gaps(), life.node));
    }
    if (life.dropped > 0) {
      faults.add(life.node + " dropped " + life.dropped + " samples before publishing");
    }
    if (life.rejected > 0) {
      faults.add(life.rejected + " samples of " + life.node + " were rejected: impossible times");
    }
    if (life.quarantined > 0) {
      faults.add(life.quarantined + " samples of " + life.node + " are in the dead letters");
    }
    return faults;
  }

  private @Nullable String stopped() {
    for (NodeLife life : fleet.lives()) {
      if (life.left == LeaveReason.ABORTED) {
        return life.leftMessage.isEmpty() ? "aborted" : life.leftMessage;
      }
    }
    for (NodeLife life : fleet.lives()) {
      if (life.left == LeaveReason.STOPPED) {
        String why = life.leftMessage.isEmpty() ? "" : ": " + life.leftMessage;
        return life.node + " was stopped" + why;
      }
    }
    return null;
  }
}
