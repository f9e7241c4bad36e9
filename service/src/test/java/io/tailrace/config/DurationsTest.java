package io.tailrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "10s, PT10S",
    "1m30s, PT1M30S",
    "1500, PT1.5S",
    "30d, PT720H",
    "0, PT0S",
    "1.5s, PT1.5S",
    "250us, PT0.00025S",
    "1h 5m, PT1H5M",
    "2M, PT2M"
  })
  void readsWhatPeopleWrite(String text, Duration span) {
    assertThat(Durations.parse(text)).isEqualTo(span);
    assertThat(Durations.parse(Durations.format(span))).isEqualTo(span);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s",
        "-1",
        "1x",
        "1m!",
        "x1m",
        "1e9",
        "10 seconds",
        "99999999999d",
        "1..5s",
        "NaN"
      })
  void refusesAnythingElseAndSaysWhatItExpected(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\" is ");
  }

  @ParameterizedTest
  @CsvSource({"1024, 1024", "64MiB, 67108864", "10kB, 10000", "1.5 KiB, 1536", "0, 0"})
  void readsSizes(String text, long bytes) {
    assertThat(Sizes.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1QB", "9999999999TB", "1e3"})
  void refusesWhatIsNotASize(String text) {
    assertThatThrownBy(() -> Sizes.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
