package io.tailrace.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * A registry reached by Confluent's REST protocol. What it has once answered it never asks again,
 * so it outlives a registry that is away; safe for use by many threads.
 */
public final class HttpSchemaRegistry implements SchemaRegistry {
  private final RegistryHttp http;
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<Entry, Integer> ids = new ConcurrentHashMap<>();
  private final Refusals refusals = new Refusals();

  private record Entry(String subject, Schema schema) {}

  /** Configured by {@code schema.registry.url} and the other keys that Confluent's clients know. */
  public HttpSchemaRegistry(Map<String, ?> settings) {
    http = new RegistryHttp(RegistryConfig.from(settings));
  }

  @Override
  public int register(String subject, Schema schema) {
    return id(new Entry(subject, schema), "/subjects/%s/versions");
  }

  @Override
  public int idOf(String subject, Schema schema) {
    return id(new Entry(subject, schema), "/subjects/%s");
  }

  @Override
  public Schema byId(int id) {
    Schema known = schemas.get(id);
    if (known != null) {
      return known;
    }
    refusals.throwIfFresh(id);
    try {
      Schema schema = parse(id, http.get("/schemas/ids/" + id));
      schemas.put(id, schema);
      return schema;
    } catch (RegistryRefused refused) {
      if (refused.notFound()) {
        refusals.remember(id, refused);
      }
      throw refused;
    }
  }

  // Two threads may ask at once and get the same answer: nothing is locked while the registry is
  // slow.
  private int id(Entry entry, String path) {
    Integer known = ids.get(entry);
    if (known != null) {
      return known;
    }
    int id = askForId(entry, path);
    ids.put(entry, id);
    return id;
  }

  private int askForId(Entry entry, String path) {
    String subject = URLEncoder.encode(entry.subject(), StandardCharsets.UTF_8).replace("+", "%20");
    JsonNode request =
        JsonNodeFactory.instance.objectNode().put("schema", entry.schema().toString());
    JsonNode id = http.post(String.format(path, subject), request).path("id");
    if (!id.isInt()) {
      throw new RegistryUnavailable(
          "asking "
              + http
              + " for the id of "
              + entry.subject()
              + ": expected an id in the answer");
    }
    return id.intValue();
  }

  private static Schema parse(int id, JsonNode answer) {
    String type = answer.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new RegistryRefused(200, 0, "schema " + id + " is " + type + ", expected AVRO");
    }
    try {
      return new Schema.Parser().parse(answer.path("schema").asText());
    } catch (AvroRuntimeException | StackOverflowError e) {
      throw new RegistryRefused(200, 0, "schema " + id + " cannot be read: " + e.getMessage());
    }
  }
}
