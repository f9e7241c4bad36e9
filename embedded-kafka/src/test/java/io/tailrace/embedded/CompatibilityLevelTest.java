package io.tailrace.embedded;

import static io.tailrace.embedded.RegistryProbe.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityLevelTest {
  private static final Schema FIRST = schema("a:long");
  private static final Schema WITH_OPTIONAL = schema("a:long", "b:string?");
  private static final Schema WITH_REQUIRED = schema("a:long", "b:string");
  private static final Schema EMPTY = schema();

  @ParameterizedTest
  @CsvSource({
    "NONE, true, true, true",
    "BACKWARD, true, false, true",
    "FORWARD, true, true, false",
    "FULL, true, false, false",
  })
  void asksForWhatItsNameSays(
      CompatibilityLevel level, boolean optionalAdded, boolean requiredAdded, boolean removed) {
    List<Schema> earlier = List.of(FIRST);
    assertThat(level.violations(WITH_OPTIONAL, earlier).isEmpty()).isEqualTo(optionalAdded);
    assertThat(level.violations(WITH_REQUIRED, earlier).isEmpty()).isEqualTo(requiredAdded);
    assertThat(level.violations(EMPTY, earlier).isEmpty()).isEqualTo(removed);
  }

  @Test
  void asksEveryEarlierVersionOnlyWhenTransitive() {
    List<Schema> earlier = List.of(EMPTY, FIRST);
    assertThat(CompatibilityLevel.BACKWARD.violations(FIRST, earlier)).isEmpty();
    assertThat(CompatibilityLevel.BACKWARD_TRANSITIVE.violations(FIRST, earlier))
        .singleElement()
        .asString()
        .contains("cannot read an earlier version", "READER_FIELD_MISSING_DEFAULT_VALUE");
    assertThat(CompatibilityLevel.FULL_TRANSITIVE.violations(WITH_OPTIONAL, List.of(FIRST, FIRST)))
        .isEmpty();
  }

  @Test
  void acceptsAnythingAsTheFirstVersion() {
    assertThat(CompatibilityLevel.values())
        .allMatch(level -> level.violations(FIRST, List.of()).isEmpty());
  }

  @Test
  void isFoundByItsNameInAnyCase() {
    assertThat(CompatibilityLevel.named("full_transitive"))
        .contains(CompatibilityLevel.FULL_TRANSITIVE);
    assertThat(CompatibilityLevel.named("SIDEWAYS")).isEmpty();
  }

  private static Schema schema(String... fields) {
    return new Schema.Parser().parse(record("S", fields));
  }
}
