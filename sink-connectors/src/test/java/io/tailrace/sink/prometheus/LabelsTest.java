package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.sink.prometheus.ProtoReader.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelsTest {
  @Test
  void areSortedWithTheNameAmongThemAndNoneEmpty() {
    Labels labels =
        Labels.of("m", Map.of("zone", "z", "Endpoint", "e", "empty", ""), Map.of("job", "j"));

    assertThat(written(labels))
        .containsExactly(
            Map.entry("Endpoint", "e"),
            Map.entry("__name__", "m"),
            Map.entry("job", "j"),
            Map.entry("zone", "z"));
    assertThat(labels.values()).containsExactly(Map.entry("Endpoint", "e"), Map.entry("zone", "z"));
  }

  @Test
  void keepHostileValuesAsTheyAre() {
    String hostile = "\"}}\n\r\\ \u0000 \uD83D\uDE00 {{env.HOME}} é";
    assertThat(written(Labels.of("m", Map.of("endpoint", hostile), Map.of())))
        .contains(Map.entry("endpoint", hostile));
  }

  @Test
  void boundLongValuesAndKeepThemApart() {
    String one = "\uD83D\uDE00".repeat(5_000);
    String other = one.substring(2) + "!!";

    String first = value(one);
    String second = value(other);

    assertThat(first).hasSizeLessThanOrEqualTo(1_024).isNotEqualTo(second);
    assertThat(first.getBytes(StandardCharsets.UTF_8)).doesNotContain((byte) '?');
    assertThat(value("x".repeat(1_024))).isEqualTo("x".repeat(1_024));
  }

  @Test
  void namesBecomeValid() {
    assertThat(Labels.validName("a-b.c d")).isEqualTo("a_b_c_d");
    assertThat(Labels.validName("1st")).isEqualTo("_st");
    assertThat(Labels.validName("région")).isEqualTo("r_gion");
  }

  private static String value(String endpoint) {
    return written(Labels.of("m", Map.of("e", endpoint), Map.of())).stream()
        .filter(label -> label.getKey().equals("e"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  static List<Map.Entry<String, String>> written(Labels labels) {
    return ProtoReader.read(labels.fields()).stream()
        .map(Field::asMessage)
        .map(label -> Map.entry(label.get(0).asText(), label.get(1).asText()))
        .toList();
  }
}
