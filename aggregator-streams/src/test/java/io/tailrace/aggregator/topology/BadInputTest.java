package io.tailrace.aggregator.topology;

import static io.tailrace.aggregator.topology.AggregatorRig.SECOND;
import static io.tailrace.aggregator.topology.AggregatorRig.T0;
import static io.tailrace.aggregator.topology.AggregatorRig.description;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.aggregator.run.RunRules;
import io.tailrace.objective.Rule;
import io.tailrace.record.Aggregate;
import io.tailrace.record.DeadLetter;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.NodeLedger;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BadInputTest {
  private final AggregatorRig rig = new AggregatorRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private RunSummary summary() {
    assertThat(rig.summaries).hasSize(1);
    return rig.summaries.get(0);
  }

  private NodeLedger ledger() {
    return summary().getLedger().get(0);
  }

  @Test
  void corruptBatchesAmongGoodOnesAreDeadLettersAndTheirSamplesAreQuarantined() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 100, 50).publish(T0 + 500);
    byte[] broken = a.sample("home", T0 + 600, 50).sample("home", T0 + 601, 1).finish(T0 + 700, T0);
    rig.append("r", Arrays.copyOf(broken, broken.length - 3), T0 + 700);
    rig.append("r", "not ours".getBytes(StandardCharsets.UTF_8), T0 + 800);
    a.sample("home", T0 + 900, 50).leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(rig.letters)
        .extracting(DeadLetter::getReason)
        .containsExactly("truncated", "wrong-magic");
    assertThat(rig.letters).extracting(DeadLetter::getOffset).containsExactly(1L, 2L);
    assertThat(ledger().getQuarantined()).isEqualTo(2);
    assertThat(ledger().getCounted()).isEqualTo(2);
    assertThat(ledger().getPublished()).isEqualTo(4);
    assertThat(summary().getVerdict()).isEqualTo(Verdict.INCOMPLETE);
  }

  @Test
  void aBatchUnderAnotherKeyIsADeadLetter() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    rig.append("other", a.sample("home", T0 + 1, 5).finish(T0 + 500, T0), T0 + 500);

    assertThat(rig.letters).extracting(DeadLetter::getReason).containsExactly("wrong-key");
    assertThat(rig.events).isEmpty();
  }

  @Test
  void aBatchInAPartitionOfOtherRunsIsADeadLetter() {
    try (AggregatorRig first = new AggregatorRig(RunRules.defaults(), 32)) {
      int refused = 0;
      for (int run = 0; run < 64; run++) {
        FakeNode node = first.node("run-" + run, "a").join(description(RunMode.LIVE, 1));
        node.sample("home", T0 + 1, 5).publish(T0 + 500);
        boolean belongs =
            Utils.toPositive(Utils.murmur2(("run-" + run).getBytes(StandardCharsets.UTF_8))) % 32
                == 0;
        refused += belongs ? 0 : 1;
      }
      assertThat(first.letters).hasSize(refused).hasSizeLessThan(64);
      assertThat(first.letters).extracting(DeadLetter::getReason).containsOnly("wrong-partition");
      assertThat(first.letters.get(0).getDetail()).contains("of 32 (murmur2 of the key), not in 0");
    }
  }

  /** A registry that is away says nothing about the bytes: they wait, and are counted. */
  @Test
  void waitsForARegistryThatDoesNotAnswer() {
    rig.registry.failNext(3);
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 100, 50).leave(LeaveReason.DONE).publish(T0 + 500);

    assertThat(rig.letters).isEmpty();
    assertThat(summary().getVerdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void aNodeThatIsStartedAnewIsAnotherLifeOfTheSameNode() {
    FakeNode other = rig.node("r", "b").join(description(RunMode.LIVE, 2));
    FakeNode first = rig.node("r", "a").join(description(RunMode.LIVE, 2));
    first.sample("home", T0 + 100, 50).publish(T0 + 200_000);
    other.publish(T0 + 300_000);
    FakeNode second = new FakeNode(rig, "r", "a", T0 + 500_000);
    second.join(description(RunMode.LIVE, 2)).sample("home", T0 + 600_000, 50);
    second.publish(T0 + 700_000);
    other.publish(T0 + SECOND + 1);
    assertThat(rig.window("home", 0, 1)).isNull();

    // Nobody waits for the life that is over.
    second.publish(T0 + SECOND + 1);

    Aggregate window = Objects.requireNonNull(rig.window("home", 0, 1));
    assertThat(window.getRequests()).isEqualTo(2);
    assertThat(window.getNodesExpected()).isEqualTo(2);
    second.leave(LeaveReason.DONE).publish(T0 + 2 * SECOND);
    other.leave(LeaveReason.DONE).publish(T0 + 2 * SECOND);
    assertThat(summary().getLedger())
        .extracting(life -> life.getNode() + "@" + (life.getEpochMicros() - T0))
        .containsExactly("a@0", "b@0", "a@500000");
    assertThat(summary().getReasons()).containsExactly("a was started anew without leaving");
    assertThat(summary().getVerdict()).isEqualTo(Verdict.INCOMPLETE);
  }

  /** A replay at full speed of which one node's batches come ten minutes after the others'. */
  @Test
  void aNodeThatIsFarBehindInAReplayNeitherFillsTheHeapNorLosesAnything() {
    FakeNode ahead = rig.node("r", "ahead").join(description(RunMode.REPLAY, 2));
    FakeNode behind = rig.node("r", "behind").join(description(RunMode.REPLAY, 2));
    behind.publish(T0 + 1, T0 + 1);
    for (int second = 0; second < 600; second++) {
      long end = T0 + second * SECOND + 7;
      rig.append("r", ahead.sample("home", end, 50).finish(end, end), T0 + second);
      assertThat(rig.openWindows()).isLessThanOrEqualTo(RunRules.defaults().mostOpenWindows() + 1);
    }
    for (int second = 0; second < 600; second++) {
      long end = T0 + second * SECOND + 8;
      rig.append("r", behind.sample("home", end, 50).finish(end, end), T0 + 600 + second);
    }
    ahead.leave(LeaveReason.DONE).publish(T0 + 1_300, T0 + 601 * SECOND);
    behind.leave(LeaveReason.DONE).publish(T0 + 1_301, T0 + 601 * SECOND);

    assertThat(summary().getRequests()).isEqualTo(1_200);
    assertThat(summary().getVerdict()).isEqualTo(Verdict.PASSED);
    assertThat(summary().getReasons()).anyMatch(reason -> reason.contains("were closed early"));
    assertThat(summary().getLate()).isPositive();
  }

  @Test
  void batchesThatComeTwiceAreCountedOnceAndLostOnesAreMissed() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    byte[] first = a.sample("home", T0 + 100, 50).finish(T0 + 500, T0);
    rig.append("r", first, T0 + 500);
    rig.append("r", first, T0 + 501);
    a.sample("home", T0 + 600, 50).finish(T0 + 700, T0);
    a.sample("home", T0 + 900, 50).leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(ledger().getDuplicates()).isEqualTo(1);
    assertThat(ledger().getGaps()).isEqualTo(1);
    assertThat(ledger().getCounted()).isEqualTo(2);
    assertThat(ledger().getPublished()).isEqualTo(3);
    assertThat(ledger().getBalanced()).isFalse();
    assertThat(summary().getReasons()).containsExactly("1 samples in 1 batches of a are missing");
  }

  @Test
  void aBatchThatWasOvertakenFillsItsGap() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.publish(T0 + 500);
    byte[] overtaken = a.sample("home", T0 + 600, 50).finish(T0 + 700, T0);
    byte[] next = a.sample("home", T0 + 650, 50).finish(T0 + 800, T0);
    rig.append("r", next, T0 + 800);
    rig.append("r", overtaken, T0 + 801);
    a.leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(ledger().getCounted()).isEqualTo(2);
    assertThat(summary().getVerdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void aRunWithoutADescriptionIsOpenedAllTheSameAndIncomplete() {
    FakeNode a = rig.node("r", "a");
    a.sample("home", T0 + 100, 50).publish(T0 + 500);
    a.leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(summary().getRequests()).isEqualTo(1);
    assertThat(summary().getVerdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(summary().getReasons())
        .containsExactly(
            "the run was never described: no batch carried a description", "a never joined");
  }

  @Test
  void valuesOutOfBoundsAreRecordedAtTheBoundAndCounted() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 1, -5).sample("home", T0 + 2, Long.MAX_VALUE);
    a.sample("home", 200, null, T0 + 3, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2 + 2);
    a.sample("home", 200, null, T0 + 4, 10, -10);
    a.leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(summary().getClamped()).isEqualTo(4);
    assertThat(summary().getRequests()).isEqualTo(4);
    assertThat(summary().getResponseTime().getMinMicros()).isEqualTo(1);
    assertThat(summary().getResponseTime().getMaxMicros()).isEqualTo(3_600_000_000L);
  }

  @Test
  void clocksAnHourOffAreCorrectedInBothDirections() {
    for (long off : new long[] {-3600, 3600}) {
      String run = "r" + off;
      FakeNode a = rig.node(run, "a").clockOff(off * SECOND).join(description(RunMode.LIVE, 1));
      a.sample("home", T0 + 100, 50).leave(LeaveReason.DONE).publish(T0 + SECOND);
    }

    assertThat(rig.summaries).extracting(RunSummary::getVerdict).containsOnly(Verdict.PASSED);
    assertThat(rig.of(1)).extracting(Aggregate::getWindowStartMicros).containsOnly(T0);
    assertThat(rig.summaries)
        .extracting(one -> one.getLedger().get(0).getSkewMicros())
        .containsExactly(3600 * SECOND, -3600 * SECOND);
  }

  @Test
  void aFirstBatchThatIsLateIsNotTakenForAClockThatIsBehind() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 100, 50);
    rig.append("r", a.finish(T0 + 500, T0 + 400), T0 + 20 * SECOND);
    a.sample("home", T0 + 600, 50).leave(LeaveReason.DONE);
    rig.append("r", a.finish(T0 + 19 * SECOND, T0 + 700), T0 + 20 * SECOND);

    assertThat(ledger().getSkewMicros()).isZero();
    assertThat(summary().getReasons()).isEmpty();
    Aggregate whole = Objects.requireNonNull(rig.window("*", 0, 1));
    assertThat(whole.getRequests()).isEqualTo(2);
  }

  @Test
  void aNodeWhoseBatchesAreAllLateIsNamed() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 100, 50).leave(LeaveReason.DONE);
    rig.append("r", a.finish(T0 + 500, T0 + 400), T0 + 5 * SECOND + 500);

    assertThat(summary().getReasons())
        .containsExactly(
            "the clock of a is 5.0 s behind, or none of its batches came sooner than that");
  }

  @Test
  void aBatchThatCannotBeAppliedIsGivenUpAfterSomeAttempts() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 100, 50).publish(T0 + 500);
    for (int attempt = 0; attempt < FailedBatches.ATTEMPTS; attempt++) {
      rig.failed.note(0, 1, new IllegalStateException("a fault of ours"));
    }
    a.sample("home", T0 + 600, 50).sample("home", T0 + 601, 50).publish(T0 + 700);
    a.sample("home", T0 + 900, 50).leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(rig.letters).extracting(DeadLetter::getReason).containsExactly("not-applied");
    assertThat(rig.letters.get(0).getDetail()).contains("a fault of ours");
    assertThat(ledger().getCounted()).isEqualTo(2);
    assertThat(ledger().getQuarantined()).isEqualTo(2);
    assertThat(summary().getVerdict()).isEqualTo(Verdict.INCOMPLETE);
  }

  @Test
  void aBatchThatFailedLessOftenIsAppliedAtLast() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    rig.failed.note(0, 0, new IllegalStateException("once"));
    rig.failed.note(0, 0, new IllegalStateException("twice"));
    a.sample("home", T0 + 100, 50).leave(LeaveReason.DONE).publish(T0 + 500);

    assertThat(rig.letters).isEmpty();
    assertThat(summary().getVerdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void aRunIdThatIsUsedAgainGoesOnWithTheRunAndCorrectsItsSummary() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 100, 50).leave(LeaveReason.DONE).publish(T0 + 500);
    FakeNode again = new FakeNode(rig, "r", "b", T0 + SECOND).join(description(RunMode.LIVE, 1));
    again.sample("home", T0 + SECOND, 50).leave(LeaveReason.DONE).publish(T0 + 2 * SECOND);

    assertThat(rig.summaries).extracting(RunSummary::getRevision).containsExactly(0, 1);
    assertThat(rig.summaries).extracting(RunSummary::getRequests).containsExactly(1L, 2L);
    assertThat(rig.summaries.get(1).getReasons()).contains("b published after the run had ended");
  }

  @Test
  void aMillionDifferentNamesAreCountedInBoundedMemory() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    for (int batch = 0; batch < 200; batch++) {
      for (int i = 0; i < 5_000; i++) {
        a.sample("request " + (batch * 5_000 + i), T0 + 1, 50);
      }
      a.publish(T0 + 500 + batch);
    }
    a.leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(summary().getSeriesCount()).isEqualTo(2_000);
    assertThat(summary().getRequests()).isEqualTo(1_000_000);
    assertThat(summary().getOverflowRequests()).isEqualTo(998_000);
  }

  @Test
  void samplesWithImpossibleTimesAreRejectedAndInTheLedger() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 5 * SECOND, 50).sample("home", T0 - 3601 * SECOND, 50);
    a.sample("home", T0 + 1, 50).leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(ledger().getRejected()).isEqualTo(2);
    assertThat(ledger().getCounted()).isEqualTo(1);
    assertThat(ledger().getBalanced()).isTrue();
    assertThat(summary().getVerdict()).isEqualTo(Verdict.INCOMPLETE);
  }

  @Test
  void anImportFrom2019ComesOutWhole() {
    long then = 1_550_000_040_000_000L;
    FakeNode a = rig.node("r", "a").join(description(RunMode.IMPORT, 1));
    for (int second = 0; second < 200; second++) {
      long end = then + second * SECOND + 7;
      a.sample("home", end, 50);
      rig.append("r", a.finish(T0 + second, end), T0 + second);
    }
    a.leave(LeaveReason.DONE).publish(T0 + SECOND, then + 200 * SECOND);

    assertThat(summary().getRequests()).isEqualTo(200);
    assertThat(summary().getVerdict()).isEqualTo(Verdict.PASSED);
    assertThat(rig.of(60).stream().mapToLong(Aggregate::getRequests).sum()).isEqualTo(2 * 200);
  }

  @Test
  void tooManySeriesAreCountedUnderOneName() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    int sequence = 0;
    for (int batch = 0; batch < 30; batch++) {
      for (int i = 0; i < 100; i++) {
        a.sample("request " + sequence++, T0 + 1, 50);
      }
      a.publish(T0 + 500 + batch);
    }
    a.leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(summary().getSeriesCount()).isEqualTo(2_000);
    assertThat(summary().getOverflowRequests()).isEqualTo(1_000);
    assertThat(summary().getRequests()).isEqualTo(3_000);
    assertThat(rig.counters.overflowingRuns().sum()).isEqualTo(1);
  }

  @Test
  void twoLiveNodesWithOneNameAreBothCountedAndNamed() {
    FakeNode one = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    FakeNode two = new FakeNode(rig, "r", "a", T0 + 1).join(description(RunMode.LIVE, 1));
    one.sample("home", T0 + 100, 50).publish(T0 + 500);
    two.sample("home", T0 + 200, 50).publish(T0 + 600);
    one.sample("home", T0 + 700, 50).publish(T0 + 800);
    two.leave(LeaveReason.DONE).publish(T0 + 900);
    one.leave(LeaveReason.DONE).publish(T0 + 950);

    assertThat(summary().getRequests()).isEqualTo(3);
    assertThat(summary().getReasons()).contains("two nodes were called a at the same time");
  }

  @Test
  void namesWithControlCharactersAndTheRunsOwnNameAreMadeHarmless() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("a\nb\u0000", T0 + 1, 50).sample("*", T0 + 2, 50).sample("n".repeat(4000), T0 + 3, 5);
    a.leave(LeaveReason.DONE).publish(T0 + SECOND);

    List<String> names = rig.totals().stream().map(one -> one.getSeries().getName()).toList();
    assertThat(names).hasSize(4).contains("*", "(*)", "a\uFFFDb\uFFFD");
    assertThat(names).allMatch(name -> name.length() <= 256);
    Aggregate whole = Objects.requireNonNull(rig.window("*", 0, 1));
    assertThat(whole.getRequests()).isEqualTo(3);
  }

  /** As a producer that is not ours may write them: ours cuts them. */
  @Test
  void namesOfAMegabyteAreDeadLettersAndTheirSamplesAreQuarantined() {
    String endless = "n".repeat(1 << 20);
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 100, 50).publish(T0 + 500);
    SampleBatch series = rig.read(a.sample("home", T0 + 600, 50).finish(T0 + 700, T0));
    series.getSeries().get(0).setName(endless);
    rig.append("r", rig.write(series), T0 + 700);
    SampleBatch error = rig.read(a.sample("home", 500, "x", T0 + 700, 5, 0).finish(T0 + 800, T0));
    error.getOutcomes().get(0).setError(endless);
    rig.append("r", rig.write(error), T0 + 800);
    SampleBatch node = rig.read(a.sample("home", T0 + 800, 50).finish(T0 + 900, T0));
    node.setNode(endless);
    rig.append("r", rig.write(node), T0 + 900);
    SampleBatch run = rig.read(rig.node("other", "b").finish(T0 + 900, T0));
    run.setRun(endless);
    rig.append(endless, rig.write(run), T0 + 900);
    a.sample("home", T0 + 900, 50).leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(rig.letters)
        .hasSize(4)
        .allSatisfy(letter -> assertThat(letter.getReason()).isEqualTo("too-long"))
        .allSatisfy(letter -> assertThat(letter.getDetail()).hasSizeLessThan(1_000));
    assertThat(rig.letters.get(0).getTruncated()).isTrue();
    assertThat(ledger().getQuarantined()).isEqualTo(3);
    assertThat(ledger().getCounted()).isEqualTo(2);
    assertThat(ledger().getPublished()).isEqualTo(5);
    assertBrokersTakeEveryRecord();
  }

  @Test
  void runsAndNodesWithControlCharactersInTheirNamesAreDeadLetters() {
    for (String bad : List.of("", "a\u0000b", "a\nb", "\u001b[31m")) {
      SampleBatch batch = rig.read(rig.node("r", "a").finish(T0 + 900, T0));
      batch.setNode(bad);
      rig.append("r", rig.write(batch), T0 + 900);
      batch.setNode("a");
      batch.setRun(bad);
      rig.append(bad, rig.write(batch), T0 + 900);
    }

    assertThat(rig.letters).hasSize(8);
    assertThat(rig.letters).extracting(DeadLetter::getReason).containsOnly("bad-name");
    assertThat(rig.events).isEmpty();
  }

  @Test
  void whatARunSaysOfItselfIsBoundedInEveryRecordAboutIt() {
    Map<String, String> tags = new TreeMap<>();
    for (int i = 0; i < 5_000; i++) {
      tags.put("tag " + i + "\n", "版".repeat(2_000));
    }
    RunDescription described =
        new RunDescription(
            "n".repeat(2_000_000),
            "a\u0000b",
            "版".repeat(500_000),
            tags,
            RunMode.LIVE,
            "c".repeat(1_000_000),
            "b\rc",
            1,
            "版".repeat(2_000_000),
            List.of(),
            "https://host/" + "u".repeat(1_000_000));
    FakeNode a = rig.node("r", "a").join(described);
    a.sample("home", T0 + 100, 50).leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertBrokersTakeEveryRecord();
    assertThat(summary().getVerdict()).isEqualTo(Verdict.PASSED);
    Aggregate whole = Objects.requireNonNull(rig.window("*", 0, 1));
    assertThat(whole.getTestName()).hasSize(256).endsWith("…");
    assertThat(whole.getEnvironment()).isEqualTo("a\uFFFDb");
    assertThat(whole.getTags()).hasSize(32).containsKey("tag 0\uFFFD");
    assertThat(rig.events.get(0).getDescription().getGitBranch()).isEqualTo("b\uFFFDc");
    assertThat(rig.events.get(0).getDescription().getReportUrl()).isNull();
  }

  /** More is said of them than one record holds: the verdict stays, and what went is said. */
  @Test
  void theSummaryOfTwoThousandBrokenObjectivesAndNodesWithLongNamesFitsARecord() {
    RunDescription described = description(RunMode.LIVE, 1);
    described.setObjectives(
        IntStream.range(0, 10_000)
            .mapToObj(i -> Rule.parse("max < 1ms on \"**\" over 1s").named("rule " + i).toRecord())
            .toList());
    FakeNode first = rig.node("r", "a").join(described);
    first.sample("版".repeat(256), T0 + 100, 50_000).publish(T0 + 500);
    for (int i = 0; i < 250; i++) {
      FakeNode node = rig.node("r", "%04d%s".formatted(i, "n".repeat(4_000)));
      node.sample("home", T0 + 200, 50_000).leave(LeaveReason.DONE).publish(T0 + 600);
    }
    first.leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertBrokersTakeEveryRecord();
    assertThat(summary().getVerdict()).isEqualTo(Verdict.FAILED);
    assertThat(summary().getRequests()).isEqualTo(251);
    assertThat(summary().getObjectives()).hasSizeGreaterThan(10);
    assertThat(summary().getReasons())
        .anyMatch(reason -> reason.matches("[0-9]+ objectives are left out here: .*"))
        .anyMatch(reason -> reason.matches("[0-9]+ nodes' ledgers are left out here: .*"));
  }

  private void assertBrokersTakeEveryRecord() {
    assertThat(rig.raw).isNotEmpty();
    assertThat(rig.raw)
        .allSatisfy(
            record -> {
              int size = record.key() == null ? 0 : record.key().length;
              size += record.value() == null ? 0 : record.value().length;
              assertThat(size).isLessThan(1_000_000);
            });
  }
}
