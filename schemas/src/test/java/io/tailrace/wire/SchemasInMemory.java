package io.tailrace.wire;

import io.tailrace.registry.RegistryRefused;
import io.tailrace.registry.SchemaRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** A registry of this process: ids from 1, one list of schemas per subject. */
public final class SchemasInMemory implements SchemaRegistry {
  private static final int NOT_FOUND = 404;

  private final List<Schema> schemas = new ArrayList<>();
  private final Map<String, List<Schema>> subjects = new HashMap<>();

  @Override
  public int register(String subject, Schema schema) {
    List<Schema> known = subjects.computeIfAbsent(subject, s -> new ArrayList<>());
    if (!known.contains(schema)) {
      known.add(schema);
    }
    if (!schemas.contains(schema)) {
      schemas.add(schema);
    }
    return schemas.indexOf(schema) + 1;
  }

  @Override
  public Schema byId(int id) {
    if (id < 1 || id > schemas.size()) {
      throw new RegistryRefused(NOT_FOUND, 40403, "schema " + id + " not found");
    }
    return schemas.get(id - 1);
  }

  @Override
  public int idOf(String subject, Schema schema) {
    if (!subjects.getOrDefault(subject, List.of()).contains(schema)) {
      throw new RegistryRefused(NOT_FOUND, 40403, "schema not found under " + subject);
    }
    return schemas.indexOf(schema) + 1;
  }
}
