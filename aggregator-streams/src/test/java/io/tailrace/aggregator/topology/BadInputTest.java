package io.tailrace.aggregator.topology;

import static io.tailrace.aggregator.topology.AggregatorRig.SECOND;
import static io.tailrace.aggregator.topology.AggregatorRig.T0;
import static io.tailrace.aggregator.topology.AggregatorRig.description;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Aggregate;
import io.tailrace.record.DeadLetter;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.NodeLedger;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
}
