package io.tailrace.sink.core.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final long MILLI = 1_000_000;
  private final Pace pace =
      new Pace(
          4,
          1_000,
          Duration.ofMillis(200),
          1,
          2_000,
          new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)),
          Duration.ofMinutes(1),
          Duration.ofSeconds(1));
  private final Lane lane = new Lane(pace, new Random(1));

  @Test
  void sendsAFullBatchAtOnceAndARestAfterTheFlushInterval() {
    add(0, 5);

    assertThat(attempt(0).size()).isEqualTo(4);
    lane.delivered();
    assertThat(lane.next(199 * MILLI, false)).isNull();
    assertThat(attempt(200 * MILLI).size()).isEqualTo(1);
  }

  @Test
  void makesOneAttemptAtATime() {
    add(0, 8);

    assertThat(lane.next(0, false)).isNotNull();
    assertThat(lane.next(0, false)).isNull();
  }

  @Test
  void commitsNothingBeforeItIsSettledAndNeverPastAHole() {
    add(0, 8);
    lane.next(0, false);
    assertThat(lane.acknowledged()).isNegative();

    lane.refusedAsAWhole();
    assertThat(lane.acknowledged()).isNegative();
    lane.next(0, false);
    lane.delivered();

    assertThat(lane.acknowledged()).isEqualTo(2);
  }

  @Test
  void recallsUpToWhereAnEarlierLifeCameAndNoFurther() {
    lane.recallUpTo(3);
    assertThat(lane.isRecalling()).isTrue();
    add(0, 6);

    Part first = attempt(0);
    assertThat(first.isRecalled()).isTrue();
    assertThat(first.nextOffset()).isEqualTo(3);
    assertThat(lane.isRecalling()).isTrue();
    lane.delivered();
    assertThat(lane.isRecalling()).isFalse();
    assertThat(lane.acknowledged()).isEqualTo(3);

    Part second = attempt(200 * MILLI);
    assertThat(second.isRecalled()).isFalse();
    assertThat(second.nextOffset()).isEqualTo(6);
    lane.delivered();
    assertThat(lane.acknowledged()).isEqualTo(6);
  }

  @Test
  void findsTheOneBadRecordOfARefusedBatchInOrder() {
    add(0, 4);
    assertThat(attempt(0).nextOffset()).isEqualTo(4);
    lane.refusedAsAWhole();
    assertThat(attempt(0).nextOffset()).isEqualTo(2);
    lane.delivered();
    assertThat(attempt(0).nextOffset()).isEqualTo(4);
    lane.refusedAsAWhole();
    assertThat(attempt(0).nextOffset()).isEqualTo(3);
    lane.delivered();
    assertThat(attempt(0).nextOffset()).isEqualTo(4);
  }

  @Test
  void triesTheSamePartAgainNoEarlierThanTheTargetWishes() {
    add(0, 4);
    Part part = attempt(0);
    lane.failed(Optional.of(Duration.ofSeconds(5)), 0);

    assertThat(lane.next(4_999 * MILLI, true)).isNull();
    assertThat(lane.next(5_000 * MILLI, false)).isSameAs(part);
  }

  @Test
  void isFullByBytesSoThatReadingPausesInsteadOfBuffering() {
    add(0, 19);
    assertThat(lane.isFull()).isFalse();
    add(19, 1);
    assertThat(lane.isFull()).isTrue();
    lane.next(0, false);
    assertThat(lane.isFull()).isFalse();
  }

  private void add(long firstOffset, int count) {
    for (int i = 0; i < count; i++) {
      lane.add(
          new ConsumerRecord<>("windows", 0, firstOffset + i, new byte[0], new byte[100]) {
            @Override
            public int serializedValueSize() {
              return 100;
            }
          },
          0);
    }
  }

  private Part attempt(long now) {
    return Objects.requireNonNull(lane.next(now, false), "nothing to attempt");
  }
}
