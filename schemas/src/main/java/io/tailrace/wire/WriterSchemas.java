package io.tailrace.wire;

import static io.tailrace.wire.WireFault.INCOMPATIBLE_SCHEMA;
import static io.tailrace.wire.WireFault.OTHER_SUBJECT;
import static io.tailrace.wire.WireFault.UNKNOWN_SCHEMA;

import io.tailrace.registry.RegistryRefused;
import io.tailrace.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** The schemas that records were written with, each found to be readable before it is used. */
final class WriterSchemas {
  private static final int MAX_QUOTED_CHARS = 200;

  // To compare schemas costs far more than to read a record, and a schema that was once refused may
  // come with every record. No larger than the registry.
  private final Map<Integer, WireException> refused = new HashMap<>();

  /** The schema under the id, which must be one of the reader's record and readable as it. */
  Schema readableAs(Schema reader, SchemaRegistry registry, int id, String subject) {
    WireException known = refused.get(id);
    if (known != null) {
      throw known;
    }
    Schema writer = byId(registry, id);
    if (!writer.getFullName().equals(reader.getFullName())) {
      throw refuse(
          id,
          OTHER_SUBJECT,
          "is of "
              + writer.getFullName()
              + ", expected "
              + reader.getFullName()
              + " of "
              + subject);
    }
    var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw refuse(
          id,
          INCOMPATIBLE_SCHEMA,
          "cannot be read as "
              + subject
              + ": "
              + quoted(compatibility.getResult().getIncompatibilities().get(0)));
    }
    return writer;
  }

  private WireException refuse(int id, WireFault fault, String why) {
    WireException refusal = new WireException(fault, "schema " + id + " " + why);
    refused.put(id, refusal);
    return refusal;
  }

  private static String quoted(Incompatibility first) {
    String text = first.getType() + " at " + first.getLocation() + ", " + first.getMessage();
    return text.length() <= MAX_QUOTED_CHARS ? text : text.substring(0, MAX_QUOTED_CHARS) + "…";
  }

  static Schema byId(SchemaRegistry registry, int id) {
    try {
      return registry.byId(id);
    } catch (RegistryRefused refused) {
      if (refused.notFound()) {
        throw new WireException(
            UNKNOWN_SCHEMA, "schema " + id + ": " + refused.getMessage(), refused);
      }
      throw refused;
    }
  }
}
