package io.tailrace.wire;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** What our schemas may become: fields that someone added, before and behind ours. */
final class EvolvedSchemas {
  private EvolvedSchemas() {}

  static Schema withOptionalFields(Schema schema) {
    Schema optional =
        Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING));
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(
        new Schema.Field("weather", optional, "Added before.", Schema.Field.NULL_DEFAULT_VALUE));
    for (Schema.Field field : schema.getFields()) {
      fields.add(new Schema.Field(field, field.schema()));
    }
    fields.add(
        new Schema.Field("mood", optional, "Added behind.", Schema.Field.NULL_DEFAULT_VALUE));
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
  }

  /** What they must not become: without a field that has no default. */
  static Schema without(Schema schema, String name) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      if (!field.name().equals(name)) {
        fields.add(new Schema.Field(field, field.schema()));
      }
    }
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
  }
}
