package io.tailrace.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.record.Series;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesSelectorTest {
  private static final Series RUN = new Series("*", "", "", Map.of());
  private static final Series CHECKOUT =
      new Series("/checkout", "POST", "buy", Map.of("team", "payments", "tier", "1"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          *                                            | false
          **                                           | true
          /checkout                                    | true
          POST /checkout                               | true
          GET /checkout                                | false
          checkout                                     | false
          /check*                                      | true
          POST *                                       | true
          */check?ut                                   | true
          /checkout?                                   | false
          \\*                                          | false
          tag.team == "payments"                       | true
          tag.team=="search"                           | false
          tag.team != "search"                         | true
          tag.none == ""                               | true
          tag.team == "payments" && method == "POST"   | true
          tag.team == "payments" and group == "browse" | false
          name == "/checkout" && tag.tier != "1"       | false
          """)
  void choosesSeries(String text, boolean chosen) {
    SeriesSelector selector = SeriesSelector.parse(text);
    assertThat(selector.matches(CHECKOUT)).isEqualTo(chosen);
    assertThat(selector.matches(RUN)).isEqualTo(text.equals("*"));
    assertThat(SeriesSelector.parse(selector.toString())).isEqualTo(selector);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          ''                              | 1  | expected a series
          tag.team = "payments"           | 10 | expected == or !=
          tag.team == payments            | 13 | double quotes
          tag.team == "payments           | 13 | never closed
          tag.team == "a" or method == "" | 17 | expected &&
          tag.team == "a" && size == "1"  | 20 | expected name, method, group or tag.NAME
          tags == "a"                     | 1  | expected name, method, group or tag.NAME
          """)
  void pointsAtTheCharacterAtFault(String text, int column, String fault) {
    GrammarException refused =
        catchThrowableOfType(GrammarException.class, () -> SeriesSelector.parse(text));
    assertThat(refused).as(text).isNotNull();
    assertThat(refused.fault()).contains(fault);
    assertThat(refused.column()).as(refused.pointed()).isEqualTo(column);
  }

  @Test
  void takesBoundedTimeOverAPatternMadeToExplode() {
    SeriesSelector bomb = SeriesSelector.parse("*a".repeat(249) + "b");
    Series victim = new Series("a".repeat(4_000), "", "", Map.of());
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < 100; i++) {
            assertThat(bomb.matches(victim)).isFalse();
          }
        });
  }

  @Test
  void takesARegularExpressionForWhatItIs() {
    SeriesSelector selector = SeriesSelector.parse("(a+)+$");
    assertThat(selector.matches(new Series("(a+)+$", "", "", Map.of()))).isTrue();
    assertThat(selector.matches(new Series("aaaa", "", "", Map.of()))).isFalse();
  }
}
