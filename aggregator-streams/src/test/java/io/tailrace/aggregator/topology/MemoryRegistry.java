package io.tailrace.aggregator.topology;

import io.tailrace.registry.RegistryRefused;
import io.tailrace.registry.RegistryUnavailable;
import io.tailrace.registry.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** A schema registry within the test. */
final class MemoryRegistry implements SchemaRegistry {
  private record Entry(String subject, Schema schema) {}

  private final List<Entry> entries = new ArrayList<>();
  private int failures;

  /** Does not answer when asked for a schema the next so many times. */
  void failNext(int times) {
    failures = times;
  }

  @Override
  public int register(String subject, Schema schema) {
    Entry entry = new Entry(subject, schema);
    if (!entries.contains(entry)) {
      entries.add(entry);
    }
    return entries.indexOf(entry) + 1;
  }

  @Override
  public Schema byId(int id) {
    if (failures > 0) {
      failures--;
      throw new RegistryUnavailable("the registry is away");
    }
    if (id < 1 || id > entries.size()) {
      throw new RegistryRefused(404, 40403, "schema " + id + " is not known");
    }
    return entries.get(id - 1).schema();
  }

  @Override
  public int idOf(String subject, Schema schema) {
    return register(subject, schema);
  }
}
