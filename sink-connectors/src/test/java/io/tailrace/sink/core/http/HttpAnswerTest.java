package io.tailrace.sink.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.sink.core.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204})
  void isAccepted(int status) {
    assertThat(answer(status, "").delivery(NOW)).isEqualTo(Delivery.accepted());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
  void isToBeTriedAgain(int status) {
    assertThat(answer(status, "").delivery(NOW)).isInstanceOf(Delivery.Retry.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 308, 401, 403, 404, 405, 407, 501})
  void isForAPersonToMend(int status) {
    assertThat(answer(status, "").delivery(NOW)).isInstanceOf(Delivery.Misconfigured.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 409, 413, 422})
  void isRefusedForGood(int status) {
    assertThat(answer(status, "no").delivery(NOW))
        .isEqualTo(new Delivery.Rejected("HTTP " + status + ": no"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7|7000",
        "0.5|500",
        "Sat, 21 Nov 2026 00:00:09 GMT|9000",
        "Fri, 20 Nov 2026 00:00:09 GMT|0",
        "999999999|3600000",
        "soon|-1",
        "-5|-1",
        "9999999999999999999999|-1",
      })
  void waitsAsLongAsItIsAskedTo(String header, long millis) {
    HttpAnswer answer = new HttpAnswer(429, Map.of("retry-after", header), new byte[0]);
    Optional<Duration> expected =
        millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    assertThat(answer.delivery(NOW)).isEqualTo(new Delivery.Retry("HTTP 429", expected));
  }

  @Test
  void showsOneShortLine() {
    String brief = answer(400, "a\r\n\u001b[31m b\u0000" + "x".repeat(100_000)).brief();
    assertThat(brief).startsWith("HTTP 400: a [31m b x").hasSizeLessThan(320);
    assertThat(brief.chars()).noneMatch(Character::isISOControl);
  }

  private static HttpAnswer answer(int status, String body) {
    return new HttpAnswer(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }
}
