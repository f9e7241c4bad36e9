package io.tailrace.generator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

  @Test
  void readsQuotesCommasAndBothLineEnds() {
    assertThat(Csv.rows("\uFEFFid,name\r\n1,\"Smith, \"\"Jo\"\"\"\n\n2,two\n3,"))
        .containsExactly(
            List.of("id", "name"),
            List.of("1", "Smith, \"Jo\""),
            List.of("2", "two"),
            List.of("3", ""));
  }

  @Test
  void namesTheLineOfAnOpenQuote() {
    assertThatThrownBy(() -> Csv.rows("a,b\n1,\"two\n3,4")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> Csv.rows("a\n\"b\"c")).hasMessageContaining("line 2");
  }
}
