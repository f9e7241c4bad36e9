package io.tailrace.aggregator.topology;

import static io.tailrace.aggregator.topology.AggregatorRig.SECOND;
import static io.tailrace.aggregator.topology.AggregatorRig.T0;
import static io.tailrace.aggregator.topology.AggregatorRig.description;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Aggregate;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private final AggregatorRig rig = new AggregatorRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void closesAWindowWhenEveryNodeHasPassedItsEnd() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 2));
    FakeNode b = rig.node("r", "b").join(description(RunMode.LIVE, 2));
    a.sample("home", T0 + 100, 50).publish(T0 + 500_000);
    b.sample("home", T0 + 200, 70).publish(T0 + 500_000);
    a.publish(T0 + SECOND + 1);
    assertThat(rig.aggregates).isEmpty();

    b.publish(T0 + SECOND + 1);

    Aggregate window = Objects.requireNonNull(rig.window("home", 0, 1));
    assertThat(window.getRequests()).isEqualTo(2);
    assertThat(window.getComplete()).isTrue();
    assertThat(window.getNodesReported()).isEqualTo(2);
    assertThat(window.getResponseTime().getMinMicros()).isEqualTo(50);
    assertThat(window.getResponseTime().getMaxMicros()).isEqualTo(70);
    assertThat(rig.aggregates).hasSize(2);
  }

  @Test
  void closesTheLastWindowWhenEveryNodeIsDone() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 100, 50).sample("home", 500, "timeout", T0 + 300, 9_000, 1_000);
    a.leave(LeaveReason.DONE).publish(T0 + 500_000);

    assertThat(rig.aggregates).extracting(Aggregate::getRequests).containsOnly(2L).hasSize(8);
    assertThat(rig.totals()).hasSize(2);
    RunSummary summary = rig.summaries.get(0);
    assertThat(rig.summaries).hasSize(1);
    assertThat(summary.getVerdict()).isEqualTo(Verdict.PASSED);
    assertThat(summary.getReasons()).isEmpty();
    assertThat(summary.getRequests()).isEqualTo(2);
    assertThat(summary.getErrors()).isEqualTo(1);
    assertThat(summary.getResponseTime().getMaxMicros()).isEqualTo(10_000);
    assertThat(summary.getServiceTime().getMaxMicros()).isEqualTo(9_000);
    assertThat(rig.events)
        .extracting(RunEvent::getKind)
        .containsExactly(
            RunEventKind.STARTED,
            RunEventKind.NODE_JOINED,
            RunEventKind.NODE_LEFT,
            RunEventKind.ENDED);
  }

  @Test
  void waitsForExpectedNodesOnce() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 2));
    a.sample("home", T0 + 100, 50).publish(T0 + 500_000);
    a.publish(T0 + 9 * SECOND);
    assertThat(rig.aggregates).isEmpty();

    a.publish(T0 + 11 * SECOND);

    Aggregate window = Objects.requireNonNull(rig.window("home", 0, 1));
    assertThat(window.getComplete()).isFalse();
    assertThat(window.getNodesReported()).isEqualTo(1);
    assertThat(window.getNodesExpected()).isEqualTo(2);
    assertThat(rig.events).extracting(RunEvent::getKind).contains(RunEventKind.NODE_MISSING);
  }

  @Test
  void waitsForASilentNodeOnlyUntilItIsGivenUp() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 2));
    FakeNode b = rig.node("r", "b").join(description(RunMode.LIVE, 2));
    a.sample("home", T0 + 100, 50).publish(T0 + 500_000);
    b.sample("home", T0 + 200, 70).publish(T0 + 500_000);
    a.publish(T0 + 10 * SECOND);
    assertThat(rig.aggregates).isEmpty();

    a.publish(T0 + 10 * SECOND + 500_001);

    assertThat(rig.window("home", 0, 1)).isNotNull();
    assertThat(rig.events)
        .filteredOn(event -> event.getKind() == RunEventKind.NODE_SILENT)
        .extracting(RunEvent::getNode)
        .containsExactly("b");
  }

  @Test
  void aTickEndsARunWhoseNodesAreAllSilent() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    a.sample("home", T0 + 100, 50).publish(T0 + 500_000);
    rig.tick(T0 + 10 * SECOND);
    assertThat(rig.summaries).isEmpty();

    rig.tick(T0 + 11 * SECOND);

    assertThat(rig.summaries).hasSize(1);
    assertThat(rig.summaries.get(0).getVerdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(rig.summaries.get(0).getReasons()).containsExactly("a fell silent");
  }

  @Test
  void mergesWiderWindowsFromTheBase() {
    FakeNode a = rig.node("r", "a").join(description(RunMode.LIVE, 1));
    for (int second = 0; second < 70; second++) {
      a.sample("home", T0 + second * SECOND + 10, 100 + second);
      a.publish(T0 + second * SECOND + 500_000);
    }
    a.leave(LeaveReason.DONE).publish(T0 + 70 * SECOND);

    assertThat(rig.of(1)).hasSize(140);
    assertThat(rig.of(10)).hasSize(14);
    assertThat(rig.of(60)).hasSize(4);
    Aggregate minute = Objects.requireNonNull(rig.window("home", 0, 60));
    assertThat(minute.getRequests()).isEqualTo(60);
    assertThat(minute.getResponseTime().getP50Micros()).isEqualTo(129);
    assertThat(rig.totals()).extracting(Aggregate::getRequests).containsOnly(70L);
  }
}
