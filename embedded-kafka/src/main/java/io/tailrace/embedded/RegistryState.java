package io.tailrace.embedded;

import io.tailrace.embedded.LogRecord.LevelRecord;
import io.tailrace.embedded.LogRecord.ModeRecord;
import io.tailrace.embedded.LogRecord.SchemaRecord;
import io.tailrace.embedded.LogRecord.SubjectDeletion;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the schemas topic says, up to where it has been read; safe for several threads. */
final class RegistryState {
  /** What a registry starts with when nobody has set a level. */
  private static final CompatibilityLevel FIRST_LEVEL = CompatibilityLevel.BACKWARD;

  private final Map<String, NavigableMap<Integer, SchemaVersion>> subjects = new TreeMap<>();
  private final Map<Integer, SchemaVersion> byId = new HashMap<>();
  private final Map<String, Integer> idOfSchema = new HashMap<>();
  private final Map<String, CompatibilityLevel> levels = new HashMap<>();
  private final Map<String, RegistryMode> modes = new HashMap<>();
  private CompatibilityLevel level = FIRST_LEVEL;
  private RegistryMode mode = RegistryMode.READWRITE;
  private int highestId;

  synchronized void apply(LogRecord record) {
    if (record instanceof SchemaRecord schema) {
      apply(schema);
    } else if (record instanceof SubjectDeletion deletion) {
      versionsOf(deletion.subject())
          .headMap(deletion.upToVersion(), true)
          .replaceAll((number, version) -> version.asDeleted());
    } else if (record instanceof LevelRecord change) {
      if (change.subject() == null) {
        level = change.level() == null ? FIRST_LEVEL : change.level();
      } else if (change.level() == null) {
        levels.remove(change.subject());
      } else {
        levels.put(change.subject(), change.level());
      }
    } else if (record instanceof ModeRecord change) {
      if (change.subject() == null) {
        mode = change.mode() == null ? RegistryMode.READWRITE : change.mode();
      } else if (change.mode() == null) {
        modes.remove(change.subject());
      } else {
        modes.put(change.subject(), change.mode());
      }
    }
  }

  private void apply(SchemaRecord record) {
    SchemaVersion version = record.value();
    if (version == null) {
      versionsOf(record.subject()).remove(record.version());
      return;
    }
    subjects
        .computeIfAbsent(record.subject(), subject -> new TreeMap<>())
        .put(record.version(), version);
    // An id stands for one schema for ever: whoever has read it may have cached it.
    SchemaVersion first = byId.putIfAbsent(version.id(), version);
    if ((first == null || first.schema().equals(version.schema())) && version.isPlainAvro()) {
      idOfSchema.putIfAbsent(version.schema(), version.id());
    }
    highestId = Math.max(highestId, version.id());
  }

  synchronized List<String> subjects(boolean withDeleted) {
    return subjects.entrySet().stream()
        .filter(subject -> !shown(subject.getValue().values(), withDeleted).isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The versions of a subject, oldest first; empty when there is no such subject. */
  synchronized List<SchemaVersion> versions(String subject, boolean withDeleted) {
    return shown(versionsOf(subject).values(), withDeleted);
  }

  synchronized Optional<SchemaVersion> version(String subject, int version) {
    return Optional.ofNullable(versionsOf(subject).get(version));
  }

  synchronized Optional<SchemaVersion> schema(int id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Where a schema is in use, by subject and version. */
  synchronized List<SchemaVersion> usesOf(int id, boolean withDeleted) {
    return subjects.values().stream()
        .flatMap(versions -> shown(versions.values(), withDeleted).stream())
        .filter(version -> version.id() == id)
        .toList();
  }

  /** The id a schema has in any subject, or the next one that was never handed out. */
  synchronized int idFor(String schema) {
    Integer known = idOfSchema.get(schema);
    return known == null ? highestId + 1 : known;
  }

  /** The number of a subject's next version; those of deleted ones are not used again. */
  synchronized int nextVersion(String subject) {
    NavigableMap<Integer, SchemaVersion> versions = versionsOf(subject);
    return versions.isEmpty() ? 1 : versions.lastKey() + 1;
  }

  synchronized CompatibilityLevel level() {
    return level;
  }

  synchronized @Nullable CompatibilityLevel levelOfItsOwn(String subject) {
    return levels.get(subject);
  }

  synchronized CompatibilityLevel level(String subject) {
    return levels.getOrDefault(subject, level);
  }

  synchronized RegistryMode mode() {
    return mode;
  }

  synchronized @Nullable RegistryMode modeOfItsOwn(String subject) {
    return modes.get(subject);
  }

  synchronized RegistryMode mode(String subject) {
    return modes.getOrDefault(subject, mode);
  }

  private NavigableMap<Integer, SchemaVersion> versionsOf(String subject) {
    NavigableMap<Integer, SchemaVersion> versions = subjects.get(subject);
    return versions == null ? new TreeMap<>() : versions;
  }

  private static List<SchemaVersion> shown(
      Collection<SchemaVersion> versions, boolean withDeleted) {
    return versions.stream().filter(version -> withDeleted || !version.deleted()).toList();
  }
}
