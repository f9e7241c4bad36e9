package io.tailrace.generator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StartBarrierTest {

  @Test
  void startsHalfASecondAfterTheLastNodeIsReadyWhoeverRepeatsItself() {
    StartBarrier barrier = new StartBarrier(3);
    barrier.ready("node-1", 1_000_000);
    barrier.ready("node-1", 2_000_000);
    barrier.ready("node-2", 3_000_000);
    assertThat(barrier.readyNodes()).isEqualTo(2);
    assertThat(barrier.startMicros()).isEmpty();
    barrier.ready("node-3", 4_000_000);
    assertThat(barrier.startMicros()).hasValue(4_500_000);
    // A node that comes back reads the same records and must come to the same moment.
    barrier.ready("node-2", 9_000_000);
    assertThat(barrier.startMicros()).hasValue(4_500_000);
  }
}
