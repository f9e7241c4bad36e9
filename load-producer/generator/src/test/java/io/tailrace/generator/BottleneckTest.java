package io.tailrace.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.generator.engine.Progress;
import io.tailrace.generator.engine.Progress.Times;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BottleneckTest {

  private static final long SECOND = 1_000_000_000L;

  private final Bottleneck bottleneck = new Bottleneck();

  @Test
  void isSilentWhenTheGeneratorHasRoom() {
    look(10, 50, 50);
    assertThat(bottleneck.reasons(progress(5, 50, 0, 500))).isEmpty();
  }

  @Test
  void saysThatTheProcessUsedAllCores() {
    look(3, 95, 95);
    assertThat(bottleneck.reasons(progress(5, 95, 0, 500)))
        .singleElement()
        .asString()
        .startsWith("its process used more than 90 % of the CPU");
  }

  @Test
  void saysThatAnEventLoopUsedAllOfItsCore() {
    look(3, 60, 95);
    assertThat(bottleneck.reasons(progress(5, 95, 0, 500)))
        .singleElement()
        .asString()
        .startsWith("an event loop used more than 90 % of a core");
  }

  @Test
  void forgivesOneBusyMomentInMany() {
    look(1, 99, 99);
    look(20, 50, 50);
    assertThat(bottleneck.reasons(progress(5, 50, 0, 500))).isEmpty();
  }

  @Test
  void saysThatConnectionsWereExhaustedAndNotThatRequestsWereLateBecauseOfIt() {
    look(5, 20, 20);
    assertThat(bottleneck.reasons(progress(5, 20, 12, 80_000)))
        .singleElement()
        .asString()
        .startsWith("all 64 connections were busy 12 % of the time while requests were due");
  }

  @Test
  void saysThatRequestsWereLateThoughNothingElseWasShort() {
    look(5, 20, 20);
    assertThat(bottleneck.reasons(progress(5, 20, 0, 12_500)))
        .singleElement()
        .asString()
        .startsWith("1 % of the requests were sent more than 12.5 ms late");
  }

  @Test
  void looksAwayBeforeTheStartAndAfterTheEnd() {
    for (int i = 0; i < 5; i++) {
      bottleneck.look(progress(-1, 99, 0, 500), 99);
      bottleneck.look(progress(11, 99, 0, 500), 99);
    }
    assertThat(bottleneck.reasons(progress(11, 99, 0, 500))).isEmpty();
  }

  private void look(int times, double processPercent, double loopPercent) {
    for (int i = 0; i < times; i++) {
      bottleneck.look(progress(5, loopPercent, 0, 500), processPercent);
    }
  }

  private static Progress progress(
      long elapsedSeconds, double loopPercent, double fullPercent, long lateP99Micros) {
    Times none = new Times(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    Times late = new Times(1_000, 1, 10, 10, 10, 10, 10, lateP99Micros, 90_000, 90_000);
    return new Progress(
        elapsedSeconds * SECOND,
        10 * SECOND,
        500,
        500,
        1_000,
        1_000,
        1_000,
        0,
        1,
        64,
        64,
        none,
        none,
        none,
        late,
        none,
        Map.of(),
        List.of(),
        0,
        loopPercent,
        fullPercent);
  }
}
