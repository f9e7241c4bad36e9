package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DictionaryTest {

  private final Dictionary dictionary = new Dictionary();

  @Test
  void givesTheSameHandleForTheSameSeriesAndOutcome() {
    SeriesHandle series = dictionary.series("GET /", "GET", "", Map.of("region", "eu"));
    Outcome ok = dictionary.outcome(series, 200, null);

    assertThat(dictionary.series("GET /", "GET", "", Map.of("region", "eu"))).isSameAs(series);
    assertThat(dictionary.series("GET /", "GET", "", Map.of())).isNotSameAs(series);
    assertThat(dictionary.outcome(series, 200, null)).isSameAs(ok);
    assertThat(dictionary.outcome(series, 200, "check")).isNotSameAs(ok);
  }

  @Test
  void findsEveryOneOfManyOutcomesByItsIndex() {
    Set<Outcome> seen = new HashSet<>();
    for (int series = 0; series < 50; series++) {
      SeriesHandle handle = dictionary.series("series " + series, "", "", Map.of());
      for (int status = 0; status < 100; status++) {
        Outcome outcome = dictionary.outcome(handle, status, status < 50 ? null : "e" + status);
        assertThat(dictionary.outcomes()[outcome.index()]).isSameAs(outcome);
        assertThat(handle.find(status, outcome.error())).isSameAs(outcome);
        seen.add(outcome);
      }
    }
    assertThat(seen).hasSize(5_000);
  }

  @Test
  void countsErrorsBeyondTheBoundAsOther() {
    SeriesHandle series = dictionary.series("GET /", "", "", Map.of());
    for (int i = 0; i < 10_000; i++) {
      dictionary.outcome(series, 500, "failed request " + i);
    }

    assertThat(series.outcomes()).isEqualTo(Dictionary.MAX_OUTCOMES_PER_SERIES + 1);
    assertThat(dictionary.outcome(series, 500, "one more").error()).isEqualTo(Dictionary.OTHER);
    assertThat(dictionary.outcome(series, 500, "failed request 1").error())
        .isEqualTo("failed request 1");
  }

  @Test
  void countsSeriesBeyondTheBoundAsOther() {
    for (int i = 0; i < Dictionary.MAX_SERIES; i++) {
      dictionary.series("GET /users/" + i, "GET", "", Map.of());
    }

    SeriesHandle beyond = dictionary.series("GET /users/me", "GET", "", Map.of());

    assertThat(beyond.name()).isEqualTo(Dictionary.OTHER);
    assertThat(dictionary.series("another", "", "", Map.of())).isSameAs(beyond);
    assertThat(dictionary.series("GET /users/7", "GET", "", Map.of()).name())
        .isEqualTo("GET /users/7");
  }

  @Test
  void shortensLongErrorsBetweenCharacters() {
    SeriesHandle series = dictionary.series("GET /", "", "", Map.of());
    String error = "x".repeat(Dictionary.MAX_ERROR - 1) + "\uD83D\uDE00 and more";

    assertThat(dictionary.outcome(series, 0, error).error())
        .isEqualTo("x".repeat(Dictionary.MAX_ERROR - 1));
  }

  @Test
  void refusesASeriesThatWouldNotFitABatch() {
    assertThatThrownBy(
            () -> dictionary.series("x".repeat(Dictionary.MAX_TEXT + 1), "", "", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4,097 characters")
        .hasMessageContaining("at most 4,096");
  }
}
