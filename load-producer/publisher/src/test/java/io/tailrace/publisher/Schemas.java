package io.tailrace.publisher;

import io.tailrace.record.SampleBatch;
import io.tailrace.registry.SchemaRegistry;
import org.apache.avro.Schema;

/** A registry that knows one schema: the batch's. */
final class Schemas implements SchemaRegistry {

  static final int ID = 7;

  @Override
  public int register(String subject, Schema schema) {
    return ID;
  }

  @Override
  public Schema byId(int id) {
    return SampleBatch.getClassSchema();
  }

  @Override
  public int idOf(String subject, Schema schema) {
    return ID;
  }
}
