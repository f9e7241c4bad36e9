package io.tailrace.sink.core.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
  private final Random random = new Random(7);

  @Test
  void doublesItsCeilingUpToTheMaximumAndNeverOverflows() {
    assertThat(longest(1)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(1));
    assertThat(longest(4)).isBetween(Duration.ofMillis(7_200), Duration.ofSeconds(8));
    assertThat(longest(6)).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(30));
    assertThat(longest(1_000_000)).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(30));
  }

  @Test
  void neverAsksATargetInABusyLoop() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(backoff.delay(1, random)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }
  }

  @Test
  void refusesAMaximumBelowTheFirstDelay() {
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .hasMessageContaining("0 < initial <= max");
  }

  private Duration longest(int failures) {
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 1_000; i++) {
      Duration delay = backoff.delay(failures, random);
      longest = delay.compareTo(longest) > 0 ? delay : longest;
    }
    return longest;
  }
}
