package io.tailrace.benchmarks.wire;

import io.tailrace.registry.SchemaRegistry;
import org.apache.avro.Schema;

/** A registry with a single schema: asking one is not what is measured. */
public record OneSchema(Schema schema) implements SchemaRegistry {
  public static final int ID = 1;

  @Override
  public int register(String subject, Schema wanted) {
    return ID;
  }

  @Override
  public Schema byId(int id) {
    return schema;
  }

  @Override
  public int idOf(String subject, Schema wanted) {
    return ID;
  }
}
