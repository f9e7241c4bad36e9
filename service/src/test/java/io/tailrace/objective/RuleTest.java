package io.tailrace.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {
  private static final long SECOND = 1_000_000;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          p95 < 500ms                    | response_time_p95  | <  | 500    | p95 < 500ms
          response_time_p95 <= 500       | response_time_p95  | <= | 500    | p95 <= 500ms
          response_time_p95 > 2000       | response_time_p95  | >  | 2000   | p95 > 2s
          P95<2s                         | response_time_p95  | <  | 2000   | p95 < 2s
          p99.9 < 1m30s                  | response_time_p999 | <  | 90000  | p999 < 90s
          p999 < 250us                   | response_time_p999 | <  | 0.25   | p999 < 0.25ms
          p99.99 < 1.5s                  | response_time_p99.99 | < | 1500  | p99.99 < 1500ms
          p9999 < 1 s                    | response_time_p99.99 | < | 1000  | p99.99 < 1s
          p100 < 1s                      | response_time_p100 | <  | 1000   | p100 < 1s
          avg ≤ 100                      | response_time_avg  | <= | 100    | avg <= 100ms
          mean < 100                     | response_time_avg  | <  | 100    | avg < 100ms
          med < 100                      | response_time_p50  | <  | 100    | p50 < 100ms
          max < 1h                       | response_time_max  | <  | 3600000 | max < 3600s
          min >= 1ms                     | response_time_min  | >= | 1      | min >= 1ms
          service_time_p99 < 300ms       | service_time_p99   | <  | 300    | service_time_p99 < 300ms
          service_time_avg < 300 ms      | service_time_avg   | <  | 300    | service_time_avg < 300ms
          lateness_max < 10ms            | lateness_max       | <  | 10     | lateness_max < 10ms
          lateness_avg < 1               | lateness_avg       | <  | 1      | lateness_avg < 1ms
          error_rate < 1%                | error_rate         | <  | 1      | error_rate < 1%
          error_rate > 10                | error_rate         | >  | 10     | error_rate > 10%
          error_rate < 0.5 percent       | error_rate         | <  | 0.5    | error_rate < 0.5%
          throughput > 100/s             | throughput         | >  | 100    | throughput > 100/s
          throughput >= 100 req/s        | throughput         | >= | 100    | throughput >= 100/s
          rps >= 1500 rps                | throughput         | >= | 1500   | throughput >= 1500/s
          requests > 1000                | requests           | >  | 1000   | requests > 1000
          errors == 0                    | errors             | == | 0      | errors == 0
          errors != 3                    | errors             | != | 3      | errors != 3
          status 5xx < 0.5%              | status_5xx         | <  | 0.5    | status 5xx < 0.5%
          status_503 < 1                 | status_503         | <  | 1      | status 503 < 1%
          status 0 < 1 %                 | status_0           | <  | 1      | status 0 < 1%
          active_users <= 500            | active_users       | <= | 500    | active_users <= 500
          virtual_users <= 500           | active_users       | <= | 500    | active_users <= 500
          cpu_percent < 80%              | cpu_percent        | <  | 80     | cpu_percent < 80%
          memory_mb < 2GB                | memory_mb          | <  | 2048   | memory_mb < 2048MB
          """)
  void readsWhatMustHold(
      String text, String metric, String relation, double threshold, String canonical) {
    Condition.OfMetric condition = Rule.condition(text);
    assertThat(condition.metric().name()).isEqualTo(metric);
    assertThat(condition.relation().symbol()).isEqualTo(relation);
    assertThat(condition.threshold()).isEqualTo(threshold);
    assertThat(condition).hasToString(canonical);
    assertThat(Rule.condition(canonical)).isEqualTo(condition);
    assertThat(Rule.condition(metric + " " + relation + " " + threshold)).isEqualTo(condition);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                | 1  | expected a metric
          '   '                             | 4  | expected a metric
          < 5                               | 1  | expected a metric
          p95                               | 4  | expected one of < <= >
          p95 500ms                         | 5  | expected one of < <= >
          p95 = 500ms                       | 5  | expected ==
          p95 <> 500ms                      | 5  | expected one of < <= >
          p95 <                             | 6  | expected a time such as 500ms
          p95 < fast                        | 7  | expected a time such as 500ms
          p95 < 5%                          | 8  | % is not a unit of response_time_p95
          p95 < 500mss                      | 10 | mss is not a unit of response_time_p95
          p95 < 500/s                       | 10 | /s is not a unit of response_time_p95
          p95 < -1                          | 7  | expected a value of 0 or more
          p95 < 1s2m                        | 10 | expected a smaller unit
          p95 < 1m30                        | 11 | expected a unit here
          p95 < 1.2.3                       | 7  | expected a number of at most 14 digits
          p95 < 99999999999999999           | 7  | expected a number of at most 14 digits
          error_rate < 500ms                | 17 | ms is not a unit of error_rate
          error_rate < 101%                 | 14 | error_rate is at most 100%
          status 5xx < 200%                 | 14 | status_5xx is at most 100%
          throughput > 5%                   | 15 | % is not a unit of throughput
          requests > 10s                    | 14 | s is not a unit of requests
          memory_mb < 10%                   | 15 | % is not a unit of memory_mb
          eror_rate < 1%                    | 1  | did you mean error_rate
          response_time_p95x < 1            | 1  | expected a percentile above 0
          p0 < 1                            | 1  | expected a percentile above 0
          p100.5 < 1                        | 1  | expected a percentile above 0
          bananas_and_cream < 1             | 1  | there is no metric bananas_and_cream
          status 9xx < 1%                   | 8  | expected a status such as 503
          status < 1%                       | 8  | expected a status such as 503
          p95 < 500ms always                | 13 | expected on, over, for
          p95 < 500ms over                  | 17 | expected a time
          p95 < 500ms over 0s               | 18 | expected run, or a multiple of 1s
          p95 < 500ms over 1500ms           | 18 | expected run, or a multiple of 1s
          p95 < 500ms over 61s              | 18 | expected run, or a multiple of 1s
          p95 < 500ms over 10s over 20s     | 22 | this was said before
          p95 < 500ms for -5s               | 17 | expected a duration of 0 or more
          p95 < 500ms for 25h               | 17 | expected at most 24h
          p95 < 500ms on POST               | 16 | expected a series in double quotes
          p95 < 500ms on "POST              | 16 | this quote is never closed
          p95 < 500ms severity dire         | 22 | expected info, warning or critical
          p95 < 500ms min many              | 17 | expected a bare number
          sla_violations == true            | 1  | there is no metric sla_violations
          p95 < 500ms over run for 10s      | 1  | for and recover mean nothing there
          p95 < 500ms over run abort        | 1  | nothing left to abort
          p95 < 500ms severity info abort   | 1  | severity info does not fail a run
          """)
  void pointsAtTheCharacterAtFault(String text, int column, String fault) {
    GrammarException refused = catchThrowableOfType(GrammarException.class, () -> Rule.parse(text));
    assertThat(refused).as(text).isNotNull();
    assertThat(refused.fault()).contains(fault);
    assertThat(refused.column()).as(refused.pointed()).isEqualTo(column);
  }

  @Test
  void marksTheCharacterUnderTheText() {
    GrammarException refused =
        catchThrowableOfType(GrammarException.class, () -> Rule.parse("p95 < 5%"));
    assertThat(refused.pointed().lines().toList().get(0)).isEqualTo("p95 < 5%");
    assertThat(refused.pointed().lines().toList().get(1)).startsWith("       ^ % is not a unit");
  }

  @Test
  void readsEveryClauseOfALine() {
    Rule rule =
        Rule.parse(
            "p95 < 500ms on \"POST /check\\\"out\" over 20s for 1m recover 45s ignore first 30s"
                + " min 50 requests severity critical abort");
    assertThat(rule.series()).hasToString("POST /check\"out");
    assertThat(rule.overMicros()).isEqualTo(20 * SECOND);
    assertThat(rule.forMicros()).isEqualTo(60 * SECOND);
    assertThat(rule.recoverMicros()).isEqualTo(45 * SECOND);
    assertThat(rule.ignoreMicros()).isEqualTo(30 * SECOND);
    assertThat(rule.minRequests()).isEqualTo(50);
    assertThat(rule.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(rule.action()).isEqualTo(ObjectiveAction.ABORT);
  }

  @Test
  void fillsInDefaults() {
    Rule rule = Rule.parse("p95 < 500ms");
    assertThat(rule.name()).isEqualTo("p95 < 500ms");
    assertThat(rule.series()).isEqualTo(SeriesSelector.RUN);
    assertThat(rule.overMicros()).isEqualTo(10 * SECOND);
    assertThat(rule.forMicros()).isZero();
    assertThat(rule.recoverMicros()).isEqualTo(30 * SECOND);
    assertThat(rule.minRequests()).isEqualTo(20);
    assertThat(rule.severity()).isEqualTo(Severity.WARNING);
    assertThat(Rule.parse("p99 < 1s").minRequests()).isEqualTo(100);
    assertThat(Rule.parse("p999 < 1s").minRequests()).isEqualTo(100);
    assertThat(Rule.parse("throughput > 1/s").minRequests()).isZero();
    assertThat(Rule.parse("error_rate < 1% over run").recoverMicros()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p95 < 500ms",
        "error_rate < 1% for 30s",
        "error_rate < 1% over 1s for 1m30s recover 5s",
        "status 5xx < 0.5% on \"tag.team == \\\"payments\\\"\" over run",
        "throughput > 100/s on \"GET /\\\\*\" ignore first 30s",
        "p99.9 < 250ms over 1m min 7 requests severity info",
        "errors == 0 over 30s severity critical abort",
      })
  void printsWhatParsesBack(String line) {
    Rule rule = Rule.parse(line);
    assertThat(Rule.parse(rule.toString())).isEqualTo(rule);
    assertThat(Rule.from(rule.toRecord())).isEqualTo(rule);
  }

  @Test
  void refusesARecordThatSaysNothing() {
    var record = Rule.parse("p95 < 500ms").toRecord();
    record.setForMicros(-1);
    assertThatThrownBy(() -> Rule.from(record)).hasMessageContaining("negative");
    record.setForMicros(0);
    record.setExpression("p95 is quick");
    assertThatThrownBy(() -> Rule.from(record)).isInstanceOf(GrammarException.class);
    record.setExpression("p95 < 5ms");
    record.setName("a\nb");
    assertThatThrownBy(() -> Rule.from(record)).hasMessageContaining("control characters");
  }

  @Test
  void refusesTextWithoutEnd() {
    GrammarException refused =
        catchThrowableOfType(
            GrammarException.class, () -> Rule.parse("p95 < " + "1".repeat(2_000_000)));
    assertThat(refused.fault()).contains("at most 1000 characters");
    assertThat(refused.getMessage()).hasSizeLessThan(400);
  }
}
