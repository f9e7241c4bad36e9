package io.tailrace.embedded;

import io.tailrace.embedded.LogRecord.LevelRecord;
import io.tailrace.embedded.LogRecord.ModeRecord;
import io.tailrace.embedded.LogRecord.SubjectDeletion;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What can be asked of a registry and changed in it, apart from how it is put over HTTP. */
final class SubjectRegistry {
  private static final int LATEST = -1;
  private static final int LONGEST_REASON = 500;

  private final RegistryState state;
  private final SchemaLog log;

  SubjectRegistry(RegistryState state, SchemaLog log) {
    this.state = state;
    this.log = log;
  }

  List<String> subjects(boolean withDeleted) {
    log.catchUp();
    return state.subjects(withDeleted);
  }

  /** Answers from memory when it can: what an id stands for never changes. */
  SchemaVersion schema(int id) {
    return orAfterCatchingUp(() -> state.schema(id))
        .orElseThrow(() -> Refusal.schemaIdNotFound(id));
  }

  List<SchemaVersion> usesOf(int id, boolean withDeleted) {
    log.catchUp();
    if (state.schema(id).isEmpty()) {
      throw Refusal.schemaIdNotFound(id);
    }
    return state.usesOf(id, withDeleted);
  }

  List<SchemaVersion> versions(String subject, boolean withDeleted) {
    log.catchUp();
    return requireSubject(subject, withDeleted);
  }

  SchemaVersion version(String subject, String version, boolean withDeleted) {
    int number = versionNumber(version);
    log.catchUp();
    List<SchemaVersion> versions = requireSubject(subject, withDeleted);
    if (number == LATEST) {
      return versions.get(versions.size() - 1);
    }
    return versions.stream()
        .filter(candidate -> candidate.version() == number)
        .findFirst()
        .orElseThrow(() -> Refusal.versionNotFound(number));
  }

  SchemaVersion lookUp(String subject, String schema, boolean withDeleted) {
    String text = parse(schema).toString();
    return orAfterCatchingUp(() -> find(subject, text, withDeleted))
        .orElseThrow(
            () ->
                state.versions(subject, withDeleted).isEmpty()
                    ? Refusal.subjectNotFound(subject)
                    : Refusal.schemaNotFound());
  }

  /** The id of the schema, which is a version of the subject from now on if it was none. */
  int register(String subject, String schema) {
    Schema parsed = parse(schema);
    String text = parsed.toString();
    return log.write(
        () -> {
          Optional<SchemaVersion> known = find(subject, text, false);
          if (known.isPresent()) {
            return Change.none(known.get().id());
          }
          requireWritable(subject);
          List<String> violations = violations(subject, parsed, state.versions(subject, false));
          if (!violations.isEmpty()) {
            throw Refusal.incompatible(
                subject, "%s: %s".formatted(state.level(subject), violations));
          }
          int id = state.idFor(text);
          SchemaVersion added = SchemaVersion.of(subject, state.nextVersion(subject), id, text);
          return new Change<>(List.of(LogRecord.of(added)), id);
        });
  }

  /** Why the schema could not follow the version named, or with none all that are to be asked. */
  List<String> incompatibilities(String subject, @Nullable String version, String schema) {
    Schema parsed = parse(schema);
    int number = version == null ? LATEST : versionNumber(version);
    log.catchUp();
    List<SchemaVersion> versions = state.versions(subject, false);
    if (version != null && number != LATEST) {
      versions = versions.stream().filter(v -> v.version() == number).toList();
      if (versions.isEmpty()) {
        throw Refusal.versionNotFound(number);
      }
    } else if (version != null && !versions.isEmpty()) {
      versions = List.of(versions.get(versions.size() - 1));
    }
    return violations(subject, parsed, versions);
  }

  List<Integer> deleteSubject(String subject) {
    return log.write(
        () -> {
          requireWritable(subject);
          List<Integer> versions =
              state.versions(subject, false).stream().map(SchemaVersion::version).toList();
          if (versions.isEmpty()) {
            throw state.versions(subject, true).isEmpty()
                ? Refusal.subjectNotFound(subject)
                : Refusal.subjectSoftDeleted(subject);
          }
          SubjectDeletion deletion =
              new SubjectDeletion(subject, versions.get(versions.size() - 1));
          return new Change<>(List.of(deletion), versions);
        });
  }

  int deleteVersion(String subject, String version) {
    int number = versionNumber(version);
    return log.write(
        () -> {
          requireWritable(subject);
          List<SchemaVersion> all = requireSubject(subject, true);
          SchemaVersion deleted =
              all.stream()
                  .filter(v -> number == LATEST ? !v.deleted() : v.version() == number)
                  .reduce((earlier, later) -> later)
                  .orElseThrow(() -> Refusal.versionNotFound(version));
          if (deleted.deleted()) {
            throw Refusal.versionSoftDeleted(subject, number);
          }
          return new Change<>(List.of(LogRecord.of(deleted.asDeleted())), deleted.version());
        });
  }

  CompatibilityLevel level() {
    log.catchUp();
    return state.level();
  }

  CompatibilityLevel level(String subject, boolean orGlobal) {
    log.catchUp();
    CompatibilityLevel own = state.levelOfItsOwn(subject);
    if (own == null && !orGlobal) {
      throw Refusal.noCompatibilityOfItsOwn(subject);
    }
    return state.level(subject);
  }

  void setLevel(@Nullable String subject, CompatibilityLevel level) {
    log.write(
        () -> {
          requireWritable(subject);
          return new Change<>(List.of(new LevelRecord(subject, level)), level);
        });
  }

  /** The level that was set; unset from now on. */
  CompatibilityLevel unsetLevel(@Nullable String subject) {
    return log.write(
        () -> {
          requireWritable(subject);
          CompatibilityLevel before =
              subject == null ? state.level() : state.levelOfItsOwn(subject);
          if (before == null) {
            throw Refusal.noCompatibilityOfItsOwn(String.valueOf(subject));
          }
          return new Change<>(List.of(new LevelRecord(subject, null)), before);
        });
  }

  RegistryMode mode() {
    log.catchUp();
    return state.mode();
  }

  RegistryMode mode(String subject, boolean orGlobal) {
    log.catchUp();
    RegistryMode own = state.modeOfItsOwn(subject);
    if (own == null && !orGlobal) {
      throw Refusal.noModeOfItsOwn(subject);
    }
    return state.mode(subject);
  }

  void setMode(@Nullable String subject, RegistryMode mode) {
    log.write(() -> new Change<>(List.of(new ModeRecord(subject, mode)), mode));
  }

  /** The mode that was set; unset from now on. */
  RegistryMode unsetMode(@Nullable String subject) {
    return log.write(
        () -> {
          RegistryMode before = subject == null ? state.mode() : state.modeOfItsOwn(subject);
          if (before == null) {
            throw Refusal.noModeOfItsOwn(String.valueOf(subject));
          }
          return new Change<>(List.of(new ModeRecord(subject, null)), before);
        });
  }

  /** What is not in memory may have been written through another registry just now. */
  private <T> Optional<T> orAfterCatchingUp(Supplier<Optional<T>> question) {
    Optional<T> answer = question.get();
    if (answer.isPresent()) {
      return answer;
    }
    log.catchUp();
    return question.get();
  }

  private List<SchemaVersion> requireSubject(String subject, boolean withDeleted) {
    List<SchemaVersion> versions = state.versions(subject, withDeleted);
    if (versions.isEmpty()) {
      throw Refusal.subjectNotFound(subject);
    }
    return versions;
  }

  private void requireWritable(@Nullable String subject) {
    RegistryMode mode = subject == null ? state.mode() : state.mode(subject);
    if (mode == RegistryMode.READONLY) {
      throw Refusal.notPermitted(
          subject == null
              ? "The registry is in read-only mode"
              : "Subject %s is in read-only mode".formatted(subject));
    }
  }

  private Optional<SchemaVersion> find(String subject, String text, boolean withDeleted) {
    return state.versions(subject, withDeleted).stream()
        .filter(version -> version.isPlainAvro() && version.schema().equals(text))
        .reduce((earlier, later) -> later);
  }

  private List<String> violations(String subject, Schema proposed, List<SchemaVersion> versions) {
    CompatibilityLevel level = state.level(subject);
    if (level == CompatibilityLevel.NONE) {
      return List.of();
    }
    Stream<SchemaVersion> foreign = versions.stream().filter(version -> !version.isPlainAvro());
    List<String> unknown =
        foreign
            .map(
                v ->
                    "version %d is not an Avro schema that stands on its own"
                        .formatted(v.version()))
            .toList();
    if (!unknown.isEmpty()) {
      return unknown;
    }
    return level.violations(
        proposed, versions.stream().map(version -> parse(version.schema())).toList());
  }

  private static Schema parse(String schema) {
    try {
      return new Schema.Parser().parse(schema);
    } catch (AvroRuntimeException e) {
      throw Refusal.invalidSchema(firstLine(String.valueOf(e.getMessage())));
    }
  }

  /** The rest is where in its own code a parser stood; a long schema is not sent back whole. */
  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
  }

  private static int versionNumber(String version) {
    if (version.equals("latest")) {
      return LATEST;
    }
    try {
      int number = Integer.parseInt(version);
      if (number > 0 || number == LATEST) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw Refusal.invalidVersion(version);
    }
    throw Refusal.invalidVersion(version);
  }
}
