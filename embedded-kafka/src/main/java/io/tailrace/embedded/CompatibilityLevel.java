package io.tailrace.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** Which earlier versions a new schema must be able to read, or be read by. */
enum CompatibilityLevel {
  NONE(false, false, false),
  BACKWARD(true, false, false),
  BACKWARD_TRANSITIVE(true, false, true),
  FORWARD(false, true, false),
  FORWARD_TRANSITIVE(false, true, true),
  FULL(true, true, false),
  FULL_TRANSITIVE(true, true, true);

  private final boolean readsEarlier;
  private final boolean isReadByEarlier;
  private final boolean transitive;

  CompatibilityLevel(boolean readsEarlier, boolean isReadByEarlier, boolean transitive) {
    this.readsEarlier = readsEarlier;
    this.isReadByEarlier = isReadByEarlier;
    this.transitive = transitive;
  }

  static Optional<CompatibilityLevel> named(String name) {
    for (CompatibilityLevel level : values()) {
      if (level.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /** Why the proposed schema may not follow the earlier ones (oldest first); empty when it may. */
  List<String> violations(Schema proposed, List<Schema> earlier) {
    int first = transitive ? 0 : Math.max(0, earlier.size() - 1);
    List<String> violations = new ArrayList<>();
    for (Schema version : earlier.subList(first, earlier.size())) {
      if (readsEarlier) {
        describe("the new schema cannot read an earlier version", proposed, version, violations);
      }
      if (isReadByEarlier) {
        describe("an earlier version cannot read the new schema", version, proposed, violations);
      }
    }
    return violations;
  }

  private static void describe(String what, Schema reader, Schema writer, List<String> violations) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
    for (Incompatibility fault : result.getIncompatibilities()) {
      violations.add(
          "%s: %s at %s: %s"
              .formatted(what, fault.getType(), fault.getLocation(), fault.getMessage()));
    }
  }
}
