package io.tailrace.generator.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BehaviourTest {

  @Test
  void namesEveryParameterItCannotRead() {
    assertThatThrownBy(
            () ->
                Behaviour.PROMPT.with(
                    Map.of("errors", "200", "bytes", "many", "colour", "red").entrySet()))
        .hasMessageContaining("errors=200: expected percent from 0 to 100")
        .hasMessageContaining("bytes=many: expected a whole number")
        .hasMessageContaining("colour=red: expected one of latency, errors");
  }

  @Test
  void stallsAtTheEndOfEachPeriod() {
    Behaviour stalling =
        Behaviour.PROMPT.with(Map.of("stall-every", "10s", "stall-for", "2s").entrySet());
    assertThat(stalling.stallRemainingNanos(seconds(7.9))).isZero();
    assertThat(stalling.stallRemainingNanos(seconds(8))).isEqualTo(seconds(2));
    assertThat(stalling.stallRemainingNanos(seconds(29.5))).isEqualTo(seconds(0.5));
    assertThat(stalling.stallRemainingNanos(seconds(30))).isZero();
  }

  @Test
  void refusesAStallLongerThanItsPeriod() {
    assertThatThrownBy(
            () -> Behaviour.PROMPT.with(Map.of("stall-every", "1s", "stall-for", "2s").entrySet()))
        .hasMessageContaining("stall-for: expected less than stall-every");
  }

  @Test
  void warmsUp() {
    Behaviour cold =
        Behaviour.PROMPT.with(
            Map.of("slow-start", "10s", "slow-start-latency", "100ms").entrySet());
    assertThat(cold.slowStartExtraNanos(0)).isEqualTo(seconds(0.1));
    assertThat((double) cold.slowStartExtraNanos(seconds(5))).isCloseTo(5e7, within(1e3));
    assertThat(cold.slowStartExtraNanos(seconds(10))).isZero();
  }

  private static long seconds(double seconds) {
    return Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
  }
}
