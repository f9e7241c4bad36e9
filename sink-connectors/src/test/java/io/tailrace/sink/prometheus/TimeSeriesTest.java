package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeSeriesTest {
  private final Counter counter =
      new Counter("requests", Labels.of("requests", Map.of("endpoint", "/"), Map.of()));
  private final List<Point> written = new ArrayList<>();

  /** Prometheus refuses what is as late as, or later than, what it has. */
  @Test
  void nothingIsWrittenAtOrBeforeWhatWasWritten() {
    counter.add(1);
    counter.write(2_000, written);
    counter.add(1);
    counter.write(2_000, written);
    counter.write(1_000, written);
    assertThat(written).extracting(Point::millis).containsExactly(2_000L);

    counter.write(3_000, written);
    assertThat(written).extracting(Point::millis).containsExactly(2_000L, 3_000L);
    assertThat(Double.longBitsToDouble(written.get(1).bits())).isEqualTo(2);
  }

  @Test
  void theEndWritesWhatIsLeftAndThenEndsTheSeriesOnce() {
    counter.add(1);
    counter.write(2_000, written);
    counter.add(1);
    counter.end(2_000, written);
    counter.end(2_000, written);
    assertThat(written).extracting(Point::millis).containsExactly(2_000L, 2_001L, 2_002L);
    assertThat(Double.longBitsToDouble(written.get(1).bits())).isEqualTo(2);
    assertThat(Double.longBitsToDouble(written.get(2).bits())).isNaN();
  }

  @Test
  void aCounterNeverFalls() {
    counter.add(5);
    assertThat(counter.raiseTo(3)).isEqualTo(-2);
    assertThat(counter.raiseTo(7)).isEqualTo(2);
    counter.write(1_000, written);
    assertThat(Double.longBitsToDouble(written.get(0).bits())).isEqualTo(7);

    counter.raiseTo(6);
    counter.refresh(2_000, written);
    assertThat(Double.longBitsToDouble(written.get(1).bits())).isEqualTo(7);
  }
}
