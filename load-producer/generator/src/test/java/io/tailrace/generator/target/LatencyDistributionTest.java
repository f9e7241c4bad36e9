package io.tailrace.generator.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyDistributionTest {

  private static final int DRAWS = 200_000;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20ms | 20000 | 20000",
        "uniform(10ms,50ms) | 30000 | 49600",
        "normal(20ms,2ms) | 20000 | 24653",
        "exponential(20ms) | 13863 | 92103",
        "lognormal(20ms,200ms) | 20000 | 200000"
      })
  void drawsWithTheMedianAndP99OfItsShape(String text, double median, double p99) {
    LatencyDistribution distribution = LatencyDistribution.parse(text);
    SplittableRandom random = new SplittableRandom(7);
    long[] drawn = new long[DRAWS];
    Arrays.setAll(drawn, i -> distribution.sampleMicros(random));
    Arrays.sort(drawn);
    assertThat((double) drawn[DRAWS / 2]).isCloseTo(median, within(median * 0.03));
    assertThat((double) drawn[DRAWS * 99 / 100]).isCloseTo(p99, within(p99 * 0.03));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fast",
        "gamma(1ms)",
        "uniform(1ms)",
        "uniform(2ms,1ms)",
        "normal(1ms,2ms",
        "-1ms"
      })
  void refusesWhatItCannotRead(String text) {
    assertThatThrownBy(() -> LatencyDistribution.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isNeverNegative() {
    LatencyDistribution distribution = LatencyDistribution.parse("normal(1ms,10ms)");
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      assertThat(distribution.sampleMicros(random)).isNotNegative();
    }
  }
}
