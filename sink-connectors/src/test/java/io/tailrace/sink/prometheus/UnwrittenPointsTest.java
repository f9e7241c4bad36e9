package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnwrittenPointsTest {
  private static final Labels LABELS = Labels.of("m", Map.of(), Map.of());

  private final UnwrittenPoints points = new UnwrittenPoints();

  /** Points whose times say of which record they are. */
  private void tell(long offset, int count) {
    List<Point> next = points.next();
    for (int i = 0; i < count; i++) {
      next.add(Point.of(LABELS, offset, i));
    }
    points.told(offset);
  }

  private List<Long> between(long first, long last) {
    return points.between(first, last).stream().map(Point::millis).toList();
  }

  @Test
  void givesTheSameOnesUntilTheyAreWritten() {
    tell(10, 2);
    tell(11, 0);
    tell(14, 1);
    tell(15, 3);
    assertThat(between(10, 15)).containsExactly(10L, 10L, 14L, 15L, 15L, 15L);
    assertThat(between(10, 11)).containsExactly(10L, 10L);
    assertThat(between(14, 14)).containsExactly(14L);

    points.written(12);
    assertThat(between(10, 15)).containsExactly(14L, 15L, 15L, 15L);
    tell(16, 1);
    assertThat(between(15, 16)).containsExactly(15L, 15L, 15L, 16L);

    points.written(17);
    assertThat(between(10, 16)).isEmpty();
  }

  @Test
  void forgetsWhatWasNotToldToItsEnd() {
    tell(1, 1);
    points.next().add(Point.of(LABELS, 2, 0));
    tell(3, 1);
    assertThat(between(1, 3)).containsExactly(1L, 3L);
  }

  @Test
  void takesAnyNumberOfRecords() {
    for (int offset = 0; offset < 1_000; offset++) {
      tell(offset, 1);
    }
    assertThat(between(0, 999)).hasSize(1_000);
    points.written(500);
    assertThat(between(0, 999)).hasSize(500).first().isEqualTo(500L);
  }
}
