package io.tailrace.wire;

import static io.tailrace.wire.WireFault.INCOMPATIBLE_SCHEMA;
import static io.tailrace.wire.WireFault.OTHER_SUBJECT;
import static io.tailrace.wire.WireFault.UNKNOWN_SCHEMA;

import io.tailrace.registry.RegistryRefused;
import io.tailrace.registry.SchemaRegistry;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** The schemas that records were written with, each found to be readable before it is used. */
final class WriterSchemas {
  private WriterSchemas() {}

  /** The schema under the id, which must be one of the reader's record and readable as it. */
  static Schema readableAs(Schema reader, SchemaRegistry registry, int id, String subject) {
    Schema writer = byId(registry, id);
    if (!writer.getFullName().equals(reader.getFullName())) {
      throw new WireException(
          OTHER_SUBJECT,
          "schema "
              + id
              + " is of "
              + writer.getFullName()
              + ", expected "
              + reader.getFullName()
              + " of subject "
              + subject);
    }
    var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw new WireException(
          INCOMPATIBLE_SCHEMA,
          "schema "
              + id
              + " of "
              + subject
              + ": "
              + compatibility.getResult().getIncompatibilities());
    }
    return writer;
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
