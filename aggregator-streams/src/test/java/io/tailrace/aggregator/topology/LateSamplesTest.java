package io.tailrace.aggregator.topology;

import static io.tailrace.aggregator.topology.AggregatorRig.SECOND;
import static io.tailrace.aggregator.topology.AggregatorRig.T0;
import static io.tailrace.aggregator.topology.AggregatorRig.description;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tailrace.record.Aggregate;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LateSamplesTest {
  private final AggregatorRig rig = new AggregatorRig();
  private final FakeNode a = rig.node("r", "a").join(description(RunMode.REPLAY, 1));

  @AfterEach
  void close() {
    rig.close();
  }

  private List<Aggregate> revisions(String series, long second, long width) {
    return rig.of(width).stream()
        .filter(one -> one.getSeries().getName().equals(series))
        .filter(one -> one.getWindowStartMicros() == T0 + second * SECOND)
        .toList();
  }

  @Test
  void aJoinersOldSamplesAreOneRevisionPerWindowNotOnePerBatch() {
    a.sample("home", T0 + 100, 50).publish(T0 + SECOND / 2);
    a.publish(T0 + 5 * SECOND);
    FakeNode b = rig.node("r", "b").join(description(RunMode.REPLAY, 1));

    b.sample("home", T0 + 200, 10).publish(T0 + 5 * SECOND, T0 + 300);
    b.sample("home", T0 + 400, 20).publish(T0 + 5 * SECOND, T0 + 500);
    assertThat(revisions("home", 0, 1)).hasSize(1);
    b.sample("cart", T0 + 600, 30).publish(T0 + 5 * SECOND, T0 + SECOND);

    assertThat(revisions("home", 0, 1))
        .extracting(Aggregate::getRevision, Aggregate::getRequests, Aggregate::getLate)
        .containsExactly(tuple(0, 1L, 0L), tuple(1, 3L, 2L));
    assertThat(revisions("cart", 0, 1))
        .extracting(Aggregate::getRevision, Aggregate::getRequests, Aggregate::getLate)
        .containsExactly(tuple(0, 1L, 1L));
    assertThat(revisions("*", 0, 1)).extracting(Aggregate::getRequests).containsExactly(1L, 4L);
  }

  @Test
  void whatIsTooLateToReopenAWindowIsASupplementAndInTheTotals() {
    a.sample("home", T0 + 100, 50).publish(T0 + SECOND / 2);
    a.publish(T0 + 90 * SECOND);
    a.sample("home", T0 + 200, 70).publish(T0 + 91 * SECOND);
    a.leave(LeaveReason.DONE).publish(T0 + 91 * SECOND + 1);

    List<Aggregate> supplements = rig.of(1).stream().filter(Aggregate::getSupplement).toList();
    assertThat(supplements).hasSize(2).allMatch(one -> one.getRequests() == 1);
    assertThat(rig.totals()).extracting(Aggregate::getRequests).containsOnly(2L);
    assertThat(rig.summaries.get(0).getLate()).isEqualTo(1);
    assertThat(rig.summaries.get(0).getLedger().get(0).getLate()).isEqualTo(1);
    assertThat(rig.summaries.get(0).getVerdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void aWiderWindowThatHadClosedIsRevisedWithItsBase() {
    a.sample("home", T0 + 100, 50).publish(T0 + SECOND / 2);
    a.publish(T0 + 12 * SECOND);
    a.sample("home", T0 + 200, 70).publish(T0 + 13 * SECOND);

    assertThat(revisions("home", 0, 10)).extracting(Aggregate::getRequests).containsExactly(1L, 2L);
  }

  @Test
  void aSilentNodeThatComesBackIsHeard() {
    FakeNode b = rig.node("r", "b").join(description(RunMode.REPLAY, 1));
    b.sample("home", T0 + 200, 70).publish(T0 + SECOND / 2);
    a.sample("home", T0 + 100, 50).publish(T0 + SECOND / 2);
    a.publish(T0 + 11 * SECOND);
    b.sample("home", T0 + SECOND / 2 + 1, 90).publish(T0 + 12 * SECOND);

    assertThat(revisions("home", 0, 1)).extracting(Aggregate::getRequests).containsExactly(2L, 3L);
    assertThat(rig.events)
        .extracting(RunEvent::getKind)
        .contains(RunEventKind.NODE_SILENT, RunEventKind.NODE_RETURNED);
  }

  @Test
  void aRunThatGoesOnAfterItsSummaryIsSummedUpAnew() {
    a.sample("home", T0 + 100, 50).leave(LeaveReason.DONE).publish(T0 + SECOND);
    FakeNode again = new FakeNode(rig, "r", "a", T0 + 20 * SECOND);
    again.join(description(RunMode.REPLAY, 1));
    again.sample("home", T0 + 20 * SECOND + 5, 60).leave(LeaveReason.DONE);
    again.publish(T0 + 21 * SECOND);

    assertThat(rig.summaries).extracting(RunSummary::getRevision).containsExactly(0, 1);
    assertThat(rig.summaries).extracting(RunSummary::getRequests).containsExactly(1L, 2L);
    assertThat(rig.summaries.get(1).getReasons())
        .containsExactly("a published after the run had ended");
    assertThat(rig.counters.reopenedRuns().sum()).isEqualTo(1);
  }
}
