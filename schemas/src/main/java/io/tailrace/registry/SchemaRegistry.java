package io.tailrace.registry;

import org.apache.avro.Schema;

/**
 * Where schemas get the numbers they travel under. Every method throws {@link RegistryUnavailable}
 * when it may help to try again later and {@link RegistryRefused} when it will not.
 */
public interface SchemaRegistry {
  /** The subject of a topic's values: one subject per topic. */
  static String valueSubject(String topic) {
    return topic + "-value";
  }

  /** The subject of a topic's keys. */
  static String keySubject(String topic) {
    return topic + "-key";
  }

  /** The id of the schema under the subject, which it is added to when it is not there. */
  int register(String subject, Schema schema);

  /** The schema that travels under the id. */
  Schema byId(int id);

  /** The id of a schema that is under the subject already. */
  int idOf(String subject, Schema schema);
}
