package io.tailrace.generator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTest {

  @Test
  void theSecondOfEightHasEveryEighthFromTheSecondOn() {
    Share second = Share.parse("2/8");
    assertThat(second).isEqualTo(new Share(1, 8));
    assertThat(second).hasToString("2/8");
    assertThat(second.ofTotal(9)).isEqualTo(1);
    assertThat(second.ofTotal(10)).isEqualTo(2);
    assertThat(second.part(new Share(1, 2))).isEqualTo(new Share(9, 16));
  }

  @Test
  void sharesAreTogetherTheWhole() {
    for (long total : new long[] {0, 1, 7, 8, 9, 1_000}) {
      long sum = 0;
      for (int node = 0; node < 8; node++) {
        sum += new Share(node, 8).ofTotal(total);
      }
      assertThat(sum).isEqualTo(total);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0/8", "9/8", "2", "/8", "2/", "a/b", "1/0", "-1/2"})
  void refusesWhatIsNoShare(String text) {
    assertThatThrownBy(() -> Share.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected i/n with i from 1 to n");
  }
}
