package io.tailrace.sink.jira;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WikiMarkupTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          GET /cart                 | GET /cart
          load-test_1               | load\\-test\\_1
          [~admin]                  | \\[\\~admin\\]
          {code}rm{code}            | \\{code\\}rm\\{code\\}
          !http://evil/x.png!       | \\!http://evil/x.png\\!
          a\\b                      | a\\\\b
          (/) *bold* #1 ??cite??    | \\(/\\) \\*bold\\* \\#1 \\?\\?cite\\?\\?
          https://r.example/r_1?a=b | https://r.example/r_1?a=b
          https://r.example/a]b     | https://r.example/a\\]b
          """)
  void makesValuesHarmless(String value, String escaped) {
    assertThat(WikiMarkup.escape(value)).isEqualTo(escaped);
  }

  @Test
  void keepsValuesOnOneLineAndOutOfHeadings() {
    assertThat(WikiMarkup.escape("a\r\n\nh1. b\u0000c")).isEqualTo("a h1. b c");
    assertThat(WikiMarkup.escape("h1. big")).isEqualTo("h1\u200B. big");
    assertThat(WikiMarkup.escape("bq. quoted")).isEqualTo("bq\u200B. quoted");
    assertThat(WikiMarkup.escape("x".repeat(10_000))).hasSize(2_000).endsWith("...");
  }

  @Test
  void quotesEverythingInASearch() {
    assertThat(Jql.quoted("\" OR 1=1 OR \"a\\")).isEqualTo("\"\\\" OR 1=1 OR \\\"a\\\\\"");
    assertThat(Jql.quoted("a\r\n\tb\u0001")).isEqualTo("\"a\\r\\n\\tb \"");
  }

  @Test
  void cutsTextsToWhatFieldsTake() {
    assertThat(Texts.summary("a\nb\t c")).isEqualTo("a b c");
    assertThat(Texts.summary("x".repeat(300))).hasSize(254).endsWith("...");
    assertThat(Texts.summary(" \n")).isEqualTo("(no summary)");
    assertThat(Texts.label(" nightly  build\n1 ")).isEqualTo("nightly-build-1");
    assertThat(Texts.label("\uD83D\uDE80".repeat(200))).hasSize(254);
    assertThat(Texts.body("a\r\nb\u0007", "end")).isEqualTo("a\nb\n\nend");
    assertThat(Texts.body("x".repeat(40_000), "end")).hasSize(32_767).endsWith("...\n\nend");
  }
}
