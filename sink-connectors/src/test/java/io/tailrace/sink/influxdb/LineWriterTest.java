package io.tailrace.sink.influxdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineWriterTest {
  private final LineWriter lines = new LineWriter();

  private String text() {
    return new String(lines.toByteArray(), StandardCharsets.UTF_8);
  }

  @Test
  void writesTagsFieldsAndTheTime() {
    lines
        .point("load", new TreeMap<>(Map.of("series", "GET /cart", "run_id", "r1", "group", "")))
        .field("requests", 411L)
        .field("response_time_p99", 412.5)
        .field("complete", true)
        .field("message", "p95 > 500 ms")
        .end(1_763_650_800_000_000L);

    assertThat(text())
        .isEqualTo(
            "load,run_id=r1,series=GET\\ /cart requests=411i,response_time_p99=412.5,"
                + "complete=true,message=\"p95 > 500 ms\" 1763650800000000\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a b|a\\ b",
        "a,b|a\\,b",
        "a=b|a\\=b",
        "a\\b|a\\b",
        "a\\ b|a\\\\ b",
        "a\\|a\\␛",
        "\\\\|\\\\␛",
        "~a\nb~|a␊b",
        "~a\r\nb~|a␍␊b",
        "~a\tb~|a␉b",
        "~a\u0000b\u007F~|a␀b␡",
        "a␊b|a␛␊b",
        "␛|␛␛",
        "\"quoted\"}}|\"quoted\"}}",
        "grüße 😀|grüße\\ 😀"
      })
  void escapesTagValues(String value, String escaped) {
    lines.point("m", new TreeMap<>(Map.of("t", value))).field("f", 1L).end(5);

    assertThat(text()).isEqualTo("m,t=" + escaped + " f=1i 5\n");
  }

  @Test
  void escapesMeasurementsTagKeysAndFieldKeys() {
    lines
        .point("my load,test=1", new TreeMap<>(Map.of("a b,c=d", "v")))
        .field("e f,g=h", 1L)
        .end(5);

    assertThat(text()).isEqualTo("my\\ load\\,test=1,a\\ b\\,c\\=d=v e\\ f\\,g\\=h=1i 5\n");
  }

  @Test
  void aMeasurementIsNeverTakenForAComment() {
    lines.point("#1", new TreeMap<>()).field("f", 1L).end(5);

    assertThat(text()).isEqualTo("␛#1 f=1i 5\n");
  }

  @Test
  void escapesQuotesAndBackslashesInStrings() {
    lines.point("m", new TreeMap<>()).field("f", "a\"b\\c, d=e\n\\").end(5);

    assertThat(text()).isEqualTo("m f=\"a\\\"b\\\\c, d=e\n\\\\\" 5\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0,0.0",
    "-0.5,-0.5",
    "9.5,9.5",
    "12.25,12.25",
    "12.005,12.005",
    "100.0,100.0",
    "0.001,0.001",
    "33.333333333333336,33.333333333333336",
    "1.0E12,1.0E12",
    "1.0E-7,1.0E-7",
    "123456789.125,123456789.125"
  })
  void writesFloatsSoThatTheyReadAsTheSame(double value, String written) {
    lines.point("m", new TreeMap<>()).field("f", value).end(5);

    assertThat(text()).isEqualTo("m f=" + written + " 5\n");
    assertThat(Double.parseDouble(written)).isEqualTo(value);
  }

  @Test
  void anyFloatReadsAsTheSame() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      double value =
          i % 2 == 0
              ? random.nextLong(10_000_000_000L) / 1000.0
              : (random.nextDouble() - 0.5) * 1e6;
      lines.clear();
      lines.point("m", new TreeMap<>()).field("f", value).end(5);
      assertThat(Double.parseDouble(text().substring(4, text().length() - 3))).isEqualTo(value);
    }
  }

  @Test
  void leavesOutWhatInfluxCannotHold() {
    lines
        .point("m", new TreeMap<>())
        .field("a", Double.NaN)
        .field("b", Double.POSITIVE_INFINITY)
        .field("c", Double.NEGATIVE_INFINITY)
        .field("d", 1L)
        .end(5);

    assertThat(text()).isEqualTo("m d=1i 5\n");
  }

  @Test
  void refusesAPointWithoutFields() {
    lines.point("m", new TreeMap<>()).field("a", Double.NaN);

    assertThatThrownBy(() -> lines.end(5)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void differentTagsStayDifferentAndAlwaysTakeOneLine() {
    String[] pieces = {"\n", "\r", "\\", " ", ",", "=", "␊", "␛", "a", "\u0000", "\"", "😀"};
    Random random = new Random(11);
    Map<String, Map<String, String>> seen = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      Map<String, String> tags = new TreeMap<>();
      for (String key : new String[] {"k" + word(pieces, random), "l"}) {
        String value = word(pieces, random);
        if (!value.isEmpty()) {
          tags.put(key, value);
        }
      }
      lines.clear();
      lines.point("m", new TreeMap<>(tags)).field("f", 1L).end(5);
      assertThat(text().lines()).hasSize(1);
      assertThat(seen.computeIfAbsent(text(), unused -> tags)).isEqualTo(tags);
    }
  }

  private static String word(String[] pieces, Random random) {
    StringBuilder word = new StringBuilder();
    for (int length = random.nextInt(4); length > 0; length--) {
      word.append(pieces[random.nextInt(pieces.length)]);
    }
    return word.toString();
  }

  @Test
  void writesWholeNumbersOfAnySize() {
    long[] numbers = {0, 9, 10, 99, 100, -1, -10, Long.MAX_VALUE, Long.MIN_VALUE};
    for (long number : numbers) {
      lines.clear();
      lines.point("m", new TreeMap<>()).field("f", number).end(5);
      assertThat(text()).isEqualTo("m f=" + number + "i 5\n");
    }
  }

  @Test
  void keepsWhatIsANameAndAMeasurementApartHoweverManyThereAre() {
    for (int i = 0; i < 20_000; i++) {
      String name = "#a=" + i % 15_000;
      lines.clear();
      lines.point(name, new TreeMap<>(Map.of(name, name))).field(name, 1L).end(5);
      String escaped = name.replace("=", "\\=");
      assertThat(text())
          .isEqualTo("␛%s,%s=%s %s=1i 5\n".formatted(name, escaped, escaped, escaped));
    }
  }
}
