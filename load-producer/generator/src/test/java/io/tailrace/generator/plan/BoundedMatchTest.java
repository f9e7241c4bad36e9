package io.tailrace.generator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BoundedMatchTest {

  @Test
  void findsTheFirstGroup() {
    assertThat(BoundedMatch.firstGroup(Pattern.compile("id=(\\d+)"), "x id=42 y")).isEqualTo("42");
    assertThat(BoundedMatch.firstGroup(Pattern.compile("\\d+"), "x 42")).isEqualTo("42");
    assertThat(BoundedMatch.firstGroup(Pattern.compile("z"), "x 42")).isNull();
  }

  @Test
  @Timeout(10)
  void givesUpOnAnExpressionThatBacktracksForEver() {
    long start = System.nanoTime();
    assertThat(BoundedMatch.firstGroup(Pattern.compile("(a+)+$"), "a".repeat(60) + "b")).isNull();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }
}
