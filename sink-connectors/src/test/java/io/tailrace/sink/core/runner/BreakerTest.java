package io.tailrace.sink.core.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final long PAUSE = Duration.ofSeconds(30).toNanos();

  private final Breaker breaker = new Breaker(3, Duration.ofSeconds(30));

  @Test
  void leavesTheTargetAloneAfterSoManyFailuresInARow() {
    breaker.failed(0);
    breaker.failed(0);
    assertThat(breaker.admit(0)).isTrue();
    breaker.succeeded();
    breaker.failed(0);
    breaker.failed(0);
    assertThat(breaker.isOpen()).isFalse();
    breaker.failed(0);
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.admit(PAUSE - 1)).isFalse();
  }

  @Test
  void oneAttemptFindsOutWhetherItIsBack() {
    for (int i = 0; i < 3; i++) {
      breaker.failed(0);
    }
    assertThat(breaker.admit(PAUSE)).isTrue();
    assertThat(breaker.admit(PAUSE)).isFalse();
    breaker.failed(PAUSE);
    assertThat(breaker.admit(2 * PAUSE - 1)).isFalse();
    assertThat(breaker.admit(2 * PAUSE)).isTrue();
    breaker.notTried();
    assertThat(breaker.admit(2 * PAUSE)).isTrue();
    breaker.succeeded();
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.admit(2 * PAUSE)).isTrue();
  }

  @Test
  void aRateSpacesAttempts() {
    Throttle throttle = new Throttle(4);
    long quarter = 250_000_000;
    int admitted = 0;
    for (long now = -10 * quarter; now < 10 * quarter; now += 1_000_000) {
      if (throttle.isOpen(now)) {
        throttle.take(now);
        admitted++;
      }
    }
    assertThat(admitted).isEqualTo(20);
    Throttle none = new Throttle(Double.POSITIVE_INFINITY);
    none.take(0);
    assertThat(none.isOpen(0)).isTrue();
  }
}
