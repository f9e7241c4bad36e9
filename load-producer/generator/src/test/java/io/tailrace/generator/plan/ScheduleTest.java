package io.tailrace.generator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {

  private static final long SECOND = 1_000_000_000L;

  private static final Schedule STAGES =
      new Schedule(
          List.of(
              new Stage(0, 100, 10 * SECOND),
              Stage.constant(100, 5 * SECOND),
              Stage.constant(0, 2 * SECOND),
              new Stage(100, 50, 4 * SECOND)));

  @Test
  void constantArrivalsAreEvenlySpaced() {
    List<Long> due = dueTimes(constant(500, 30), ArrivalPattern.UNIFORM, Share.WHOLE);
    assertThat(due).hasSize(15_000);
    for (int k = 0; k < due.size(); k++) {
      assertThat(due.get(k)).isEqualTo(k * 2_000_000L + 1_000_000L);
    }
  }

  @Test
  void rampsFollowTheAreaUnderTheirRate() {
    List<Long> due = dueTimes(STAGES, ArrivalPattern.UNIFORM, Share.WHOLE);
    // 10 s at a mean of 50, 5 s at 100, 2 s of nothing, 4 s at a mean of 75.
    assertThat(due).hasSize(500 + 500 + 300).isSorted();
    assertThat(due.stream().filter(t -> t < 5 * SECOND)).hasSize(125);
    assertThat(due.stream().filter(t -> t < 10 * SECOND)).hasSize(500);
    assertThat(due.stream().filter(t -> t >= 15 * SECOND && t < 17 * SECOND)).isEmpty();
    assertThat(due.stream().filter(t -> t >= 17 * SECOND)).hasSize(300);
    for (int k = 0; k < due.size(); k++) {
      assertThat(STAGES.arrivalsUntil(due.get(k))).isCloseTo(k + 0.5, within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource(ArrivalPattern.class)
  void sharesOfNodesAndLoopsAreTogetherExactlyTheWhole(ArrivalPattern pattern) {
    Map<Long, Long> whole = byIndex(STAGES, pattern, Share.WHOLE);
    Map<Long, Long> parts = new TreeMap<>();
    int sum = 0;
    for (int node = 0; node < 3; node++) {
      int loops = node + 1;
      for (int loop = 0; loop < loops; loop++) {
        Share share = new Share(node, 3).part(new Share(loop, loops));
        Map<Long, Long> part = byIndex(STAGES, pattern, share);
        sum += part.size();
        parts.putAll(part);
      }
    }
    assertThat(parts).isEqualTo(whole);
    assertThat(sum).isEqualTo(whole.size());
  }

  @Test
  void poissonArrivalsHaveTheRateAndTheSpreadOfIndependentVisitors() {
    List<Long> due = dueTimes(constant(1_000, 100), ArrivalPattern.POISSON, Share.WHOLE);
    assertThat((double) due.size()).isCloseTo(100_000, within(4 * Math.sqrt(100_000)));
    double mean = 0;
    double squares = 0;
    for (int k = 1; k < due.size(); k++) {
      double gap = due.get(k) - due.get(k - 1);
      mean += gap / (due.size() - 1);
      squares += gap * gap / (due.size() - 1);
    }
    double deviation = Math.sqrt(squares - mean * mean);
    // Exponential gaps deviate as much as their mean.
    assertThat(deviation / mean).isCloseTo(1, within(0.02));
  }

  @Test
  void theSameSeedGivesTheSameMoments() {
    Schedule schedule = constant(100, 10);
    assertThat(dueTimes(schedule, ArrivalPattern.POISSON, Share.WHOLE))
        .isEqualTo(dueTimes(schedule, ArrivalPattern.POISSON, Share.WHOLE));
  }

  @Test
  void knowsTheRateAskedForAtAnyMoment() {
    assertThat(STAGES.rateAt(5 * SECOND)).isEqualTo(50);
    assertThat(STAGES.rateAt(12 * SECOND)).isEqualTo(100);
    assertThat(STAGES.rateAt(16 * SECOND)).isZero();
    assertThat(STAGES.rateAt(19 * SECOND)).isEqualTo(75);
    assertThat(STAGES.rateAt(21 * SECOND)).isZero();
  }

  private static Schedule constant(double rate, int seconds) {
    return new Schedule(List.of(Stage.constant(rate, seconds * SECOND)));
  }

  private static List<Long> dueTimes(Schedule schedule, ArrivalPattern pattern, Share share) {
    return new ArrayList<>(byIndex(schedule, pattern, share).values());
  }

  private static Map<Long, Long> byIndex(Schedule schedule, ArrivalPattern pattern, Share share) {
    Arrivals arrivals = new Arrivals(schedule, pattern, 42, share);
    Map<Long, Long> due = new TreeMap<>();
    while (arrivals.advance()) {
      due.put(arrivals.index(), arrivals.dueNanos());
    }
    return due;
  }
}
