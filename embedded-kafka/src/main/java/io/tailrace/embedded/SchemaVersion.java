package io.tailrace.embedded;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One version of a subject; what another registry wrote beside our fields is kept as it is. */
record SchemaVersion(ObjectNode json) {
  static SchemaVersion of(String subject, int version, int id, String schema) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("subject", subject).put("version", version).put("id", id);
    json.put("schema", schema).put("deleted", false);
    return new SchemaVersion(json);
  }

  String subject() {
    return json.path("subject").asText();
  }

  int version() {
    return json.path("version").asInt();
  }

  int id() {
    return json.path("id").asInt();
  }

  String schema() {
    return json.path("schema").asText();
  }

  boolean deleted() {
    return json.path("deleted").asBoolean(false);
  }

  /** An Avro schema that stands on its own; the only kind that is compared and handed out again. */
  boolean isPlainAvro() {
    return json.path("schemaType").asText("AVRO").equals("AVRO")
        && json.path("references").isEmpty();
  }

  SchemaVersion asDeleted() {
    ObjectNode copy = json.deepCopy();
    copy.put("deleted", true);
    return new SchemaVersion(copy);
  }

  /** How the protocol shows it. */
  ObjectNode shown() {
    ObjectNode copy = json.deepCopy();
    copy.remove("deleted");
    return copy;
  }
}
