package io.tailrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.embedded.LogRecord.LevelRecord;
import io.tailrace.embedded.LogRecord.ModeRecord;
import io.tailrace.embedded.LogRecord.SchemaRecord;
import io.tailrace.embedded.LogRecord.SubjectDeletion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RegistryStateTest {
  private final RegistryState state = new RegistryState();

  @Test
  void givesTheSameSchemaTheSameIdInEverySubject() {
    add("a", 1, 1, "\"int\"");
    assertThat(state.idFor("\"int\"")).isEqualTo(1);
    assertThat(state.idFor("\"long\"")).isEqualTo(2);
  }

  @Test
  void doesNotGiveAnIdTwiceWhenItsSchemaIsDeletedOrGone() {
    add("a", 1, 1, "\"int\"");
    state.apply(new SubjectDeletion("a", 1));
    assertThat(state.idFor("\"long\"")).isEqualTo(2);
    assertThat(state.schema(1)).map(SchemaVersion::schema).contains("\"int\"");
    state.apply(new SchemaRecord("a", 1, null));
    assertThat(state.idFor("\"long\"")).isEqualTo(2);
    assertThat(state.schema(1)).map(SchemaVersion::schema).contains("\"int\"");
  }

  @Test
  void keepsAnIdForTheSchemaItFirstStoodFor() {
    add("a", 1, 1, "\"int\"");
    add("b", 1, 1, "\"long\"");
    assertThat(state.schema(1)).map(SchemaVersion::schema).contains("\"int\"");
    assertThat(state.idFor("\"long\"")).isEqualTo(2);
  }

  @Test
  void hidesTheVersionsUpToADeletionAndNumbersOnBehindThem() {
    add("a", 1, 1, "\"int\"");
    add("a", 2, 2, "\"long\"");
    state.apply(new SubjectDeletion("a", 2));
    assertThat(state.subjects(false)).isEmpty();
    assertThat(state.subjects(true)).containsExactly("a");
    assertThat(state.nextVersion("a")).isEqualTo(3);
    add("a", 3, 1, "\"int\"");
    assertThat(state.versions("a", false)).extracting(SchemaVersion::version).containsExactly(3);
    assertThat(state.versions("a", true)).hasSize(3);
    assertThat(state.usesOf(1, false)).extracting(SchemaVersion::version).containsExactly(3);
  }

  @Test
  void fallsBackToWhatTheRegistryIsSetTo() {
    assertThat(state.level("a")).isEqualTo(CompatibilityLevel.BACKWARD);
    state.apply(new LevelRecord(null, CompatibilityLevel.FULL));
    state.apply(new LevelRecord("a", CompatibilityLevel.NONE));
    assertThat(state.level("a")).isEqualTo(CompatibilityLevel.NONE);
    assertThat(state.level("b")).isEqualTo(CompatibilityLevel.FULL);
    state.apply(new LevelRecord("a", null));
    state.apply(new LevelRecord(null, null));
    assertThat(state.level("a")).isEqualTo(CompatibilityLevel.BACKWARD);

    state.apply(new ModeRecord("a", RegistryMode.READONLY));
    assertThat(state.mode("a")).isEqualTo(RegistryMode.READONLY);
    assertThat(state.mode("b")).isEqualTo(RegistryMode.READWRITE);
  }

  @Test
  void readsBackWhatItWrites() throws IOException {
    List<LogRecord> records =
        List.of(
            LogRecord.of(SchemaVersion.of("ü/\"value\"", 3, 7, "\"int\"").asDeleted()),
            new SchemaRecord("a", 1, null),
            new SubjectDeletion("a", 4),
            new LevelRecord(null, CompatibilityLevel.FULL_TRANSITIVE),
            new LevelRecord("a", null),
            new ModeRecord("a", RegistryMode.READONLY));
    for (LogRecord record : records) {
      assertThat(LogRecord.parse(record.keyBytes(), record.valueBytes())).contains(record);
    }
  }

  @Test
  void passesOverKindsOfRecordsItDoesNotKnowAndNamesBrokenOnes() throws IOException {
    assertThat(parse("{\"keytype\":\"NOOP\",\"magic\":0}", null)).isEmpty();
    assertThat(parse("{\"keytype\":\"CONTEXT\",\"tenant\":\"t\"}", "{}")).isEmpty();
    assertThat(parse("{\"keytype\":\"MODE\",\"subject\":null}", "{\"mode\":\"IMPORT\"}"))
        .contains(new ModeRecord(null, RegistryMode.READONLY));
    assertThatThrownBy(() -> parse("[]", null)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> parse("{\"keytype\":\"SCHEMA\",\"subject\":\"a\"}", "{}"))
        .hasMessageContaining("without a subject or a version");
    assertThatThrownBy(
            () -> parse("{\"keytype\":\"SCHEMA\",\"subject\":\"a\",\"version\":1}", "{\"id\":1}"))
        .hasMessageContaining("without an id or a text");
  }

  private static Optional<LogRecord> parse(String key, @Nullable String value) throws IOException {
    return LogRecord.parse(
        key.getBytes(StandardCharsets.UTF_8),
        value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  private void add(String subject, int version, int id, String schema) {
    state.apply(LogRecord.of(SchemaVersion.of(subject, version, id, schema)));
  }
}
