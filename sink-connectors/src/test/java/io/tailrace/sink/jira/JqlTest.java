package io.tailrace.sink.jira;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JqlTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      quoteCharacter = '`',
      textBlock =
          """
          PERF          -> "PERF"
          " OR 1=1      -> "\\" OR 1=1"
          \\" OR 1=1     -> "\\\\\\" OR 1=1"
          a' AND b      -> "a' AND b"
          """)
  void aValueStaysInsideItsQuotes(String value, String quoted) {
    assertThat(Jql.quoted(value)).isEqualTo(quoted);
  }

  @Test
  void aValueStaysOnItsLine() {
    assertThat(Jql.quoted("a\r\nb\tc\u0000d")).isEqualTo("\"a\\r\\nb\\tc d\"");
  }

  @Test
  void asksForIssuesOfOneProjectOnly() {
    assertThat(Jql.labelled("PERF", "a\" OR labels = \"b"))
        .isEqualTo(
            "project = \"PERF\" AND labels = \"a\\\" OR labels = \\\"b\" ORDER BY created ASC");
    assertThat(Jql.openAndLabelled("PERF", "a"))
        .isEqualTo(
            "project = \"PERF\" AND labels = \"a\" AND statusCategory != Done"
                + " ORDER BY created DESC");
  }
}
