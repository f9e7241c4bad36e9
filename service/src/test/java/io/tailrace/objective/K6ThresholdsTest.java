package io.tailrace.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.objective.K6Thresholds.Conversion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples in the syntax of k6's documentation and of scripts in use. */
class K6ThresholdsTest {
  @Test
  void convertsTheBasicScript() {
    Conversion conversion =
        K6Thresholds.convert(
            """
            import http from 'k6/http';

            export const options = {
              vus: 1, // thresholds: { not: ['here'] }
              thresholds: {
                http_req_failed: ['rate<0.01'], // http errors should be less than 1%
                http_req_duration: ['p(95)<200'], // 95% of requests should be below 200ms
              },
            };

            export default function () { http.get("https://host/thresholds: {"); }
            """);
    assertThat(lines(conversion))
        .containsExactly(
            "error_rate < 1% over run", "service_time_p95 < 200ms over run min 1 requests");
    assertThat(conversion.rules())
        .extracting(Rule::name)
        .containsExactly("http_req_failed: rate<0.01", "http_req_duration: p(95)<200");
    assertThat(conversion.notes()).singleElement().asString().contains("kept as service time");
  }

  @Test
  void convertsSeveralThresholdsOfOneMetric() {
    Conversion conversion =
        K6Thresholds.convert(
            "export let options = { thresholds: { \"http_req_duration\": ['p(90) < 400', 'p(95) <"
                + " 800', 'p(99.9) < 2000', 'avg<200', 'med<150', 'min<100', 'max<=1e3'] } }");
    assertThat(lines(conversion))
        .containsExactly(
            "service_time_p90 < 400ms over run min 1 requests",
            "service_time_p95 < 800ms over run min 1 requests",
            "service_time_p999 < 2s over run min 1 requests",
            "service_time_avg < 200ms over run",
            "service_time_p50 < 150ms over run min 1 requests",
            "service_time_min < 100ms over run");
    assertThat(conversion.notes())
        .anyMatch(n -> n.startsWith("http_req_duration: max<=1e3: not kept"));
  }

  @Test
  void splitsAnAbortFromTheVerdict() {
    Conversion conversion =
        K6Thresholds.convert(
            """
            { "thresholds": { "http_req_duration": [
                "p(95)<200",
                { "threshold": "p(99) < 10", "abortOnFail": true, "delayAbortEval": "10s" } ] } }
            """);
    assertThat(lines(conversion))
        .containsExactly(
            "service_time_p95 < 200ms over run min 1 requests",
            "service_time_p99 < 10ms over run min 1 requests",
            "service_time_p99 < 10ms ignore first 10s severity critical abort");
    assertThat(conversion.notes()).anyMatch(n -> n.contains("looks at each 10s by itself"));
  }

  @Test
  void readsTheBlockAlone() {
    Conversion conversion =
        K6Thresholds.convert(
            "http_req_duration: ['p(95)<200', {threshold: 'rate < 1', abortOnFail: true,"
                + " delayAbortEval: '10s'}]\nhttp_reqs: ['rate>50', 'count>=500']");
    assertThat(lines(conversion))
        .containsExactly(
            "service_time_p95 < 200ms over run min 1 requests",
            "throughput > 50/s over run",
            "requests >= 500 over run");
    assertThat(conversion.notes())
        .contains(
            "http_req_duration: rate < 1: not kept: there is no metric here for rate of"
                + " http_req_duration");
  }

  @Test
  void convertsSelectorsByTag() {
    Conversion conversion =
        K6Thresholds.convert(
            """
            export const options = { thresholds: {
              'http_req_duration{type:API}': ['p(95)<500'],
              'http_req_duration{name:"GET /my orders",method:GET}': ['avg<1'],
              'http_req_failed{group:::checkout}': ['rate===0'],
              'http_req_duration{ scenario:browse }': ['max<5',],
              'http_req_duration{expected_response:true}': ['p(95)<500'],
              'http_reqs{status:500}': ['count<1'],
            } };
            """);
    assertThat(conversion.rules())
        .extracting(r -> r.series().toString())
        .containsExactly(
            "tag.type == \"API\"",
            "name == \"GET /my orders\" && method == \"GET\"",
            "group == \"checkout\"",
            "tag.scenario == \"browse\"");
    assertThat(lines(conversion)).element(2).asString().startsWith("error_rate == 0%");
    assertThat(conversion.notes())
        .anyMatch(n -> n.endsWith("not kept: series are not split by expected_response"))
        .anyMatch(n -> n.endsWith("not kept: series are not split by status"))
        .anyMatch(n -> n.contains("here each series with them is judged by itself"));
  }

  @Test
  void saysWhatItCannotKeep() {
    Conversion conversion =
        K6Thresholds.convert(
            """
            export const options = { thresholds: {
                checks: [{ threshold: 'rate==1', abortOnFail: true, delayAbortEval: '5s' }],
                Errors: ['count<100'],
                ContentSize: ['value<4000'],
                'group_duration{group:::individualRequests}': ['avg < 400'],
                http_req_failed: [],
                vus: ['value>10'],
                http_req_waiting: ['avg<100', 'p(90)<100'],
                http_req_blocked: [17],
            } }
            """);
    assertThat(lines(conversion))
        .containsExactly("active_users > 10", "first_byte_avg < 100ms over run");
    assertThat(conversion.notes())
        .contains(
            "checks: rate==1: not kept: there is no metric here for rate of checks",
            "Errors: count<100: not kept: there is no metric here for count of Errors",
            "vus: value>10: judged in every 10s, not only by the last value of the test",
            "http_req_blocked: 17 is not a threshold; expected text such as 'p(95)<200'")
        .hasSize(7);
  }

  @Test
  void saysWhereAScriptWouldHaveToBeRun() {
    assertThatThrownBy(
            () ->
                K6Thresholds.convert(
                    "const options = {\n  thresholds: {\n    http_req_duration: [limit],\n  }\n}"))
        .hasMessageContaining("line 3")
        .hasMessageContaining("cannot be read without running the script");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "just words", "export default function () {}", "[1, 2]", "{", "\"'`/*"})
  void refusesWhatHasNoThresholds(String source) {
    assertThatThrownBy(() -> K6Thresholds.convert(source))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void printsRulesThatReadBack() {
    List<Rule> rules =
        K6Thresholds.convert(
                "http_req_duration: [p(95)<200, {threshold: p(99)<9, abortOnFail: true}]")
            .rules();
    assertThat(rules).hasSize(3);
    assertThat(RuleYaml.print(rules)).contains("action: abort");
  }

  private static List<String> lines(Conversion conversion) {
    return conversion.rules().stream().map(Rule::toString).toList();
  }
}
