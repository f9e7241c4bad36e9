package io.tailrace.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.record.Distribution;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conditions as they stand in the configuration of sinks. */
class ConditionTest {
  private static final RunSummary SUMMARY = summary();

  @Test
  void readsTheFormsOfTheRequirements() {
    assertThat(holds(Condition.parse("error_rate > 10"), false)).isTrue();
    assertThat(holds(Condition.parse("response_time_p95 > 2000"), false)).isFalse();
    assertThat(holds(Condition.parse("error_rate", "> 5"), false)).isTrue();
    assertThat(holds(Condition.parse("error_rate", "> 12.5"), false)).isFalse();
    assertThat(holds(Condition.parse("sla_violations", true), true)).isTrue();
    assertThat(holds(Condition.parse("sla_violations", true), false)).isFalse();
    assertThat(holds(Condition.parse("sla_violations", false), false)).isTrue();
    assertThat(holds(Condition.parse("sla_passed", true), false)).isTrue();
    assertThat(holds(Condition.parse("sla_violations"), true)).isTrue();
    assertThat(holds(Condition.parse("sla_violations != true"), true)).isFalse();
    assertThat(holds(Condition.parse("condition", "requests >= 80"), false)).isTrue();
  }

  @Test
  void printsWhatParsesBack() {
    for (String text : List.of("error_rate > 10%", "sla_violations == true", "p95 > 2s")) {
      assertThat(Condition.parse(text)).hasToString(text);
    }
  }

  @Test
  void neverHoldsOfWhatWasNotMeasured() {
    for (String text :
        List.of("active_users >= 0", "status 5xx >= 0", "p99.5 > 0", "cpu_percent != 1")) {
      assertThat(holds(Condition.parse(text), false)).as(text).isFalse();
    }
  }

  @Test
  void refusesWhatCannotBeCompared() {
    assertThatThrownBy(() -> Condition.parse("sla_violations > true"))
        .hasMessageContaining("expected == or !=");
    assertThatThrownBy(() -> Condition.parse("sla_violations == maybe"))
        .hasMessageContaining("column 19")
        .hasMessageContaining("expected true or false");
    assertThatThrownBy(() -> Condition.parse("error_rate", 5))
        .hasMessageContaining("expected one of < <=");
    assertThatThrownBy(() -> Condition.parse("error_rate > 10 for 5s"))
        .hasMessageContaining("column 17");
  }

  private static boolean holds(Condition condition, boolean violated) {
    return condition.holds(Measurements.of(SUMMARY), violated);
  }

  private static RunSummary summary() {
    Distribution times =
        Distribution.newBuilder()
            .setMinMicros(1_000)
            .setMeanMicros(2_000)
            .setMaxMicros(2_000_000)
            .setStdevMicros(1)
            .setP50Micros(1_500)
            .setP75Micros(1_700)
            .setP90Micros(1_800)
            .setP95Micros(1_900_000)
            .setP99Micros(1_950_000)
            .setP999Micros(2_000_000)
            .build();
    return RunSummary.newBuilder()
        .setRun("r")
        .setRevision(0)
        .setDescription(null)
        .setStartMicros(0)
        .setEndMicros(1)
        .setFirstSampleMicros(null)
        .setLastSampleMicros(null)
        .setRequests(80)
        .setErrors(10)
        .setLate(0)
        .setClamped(0)
        .setThroughput(8)
        .setErrorRatePercent(12.5)
        .setResponseTime(times)
        .setServiceTime(times)
        .setSeriesCount(1)
        .setOverflowRequests(0)
        .setLedger(List.of())
        .setObjectives(List.of())
        .setVerdict(Verdict.PASSED)
        .setReasons(List.of())
        .setStopped(null)
        .build();
  }
}
