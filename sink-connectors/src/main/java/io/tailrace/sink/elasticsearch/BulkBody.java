package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of a {@code _bulk} request: two lines for each document, and whose documents they are.
 */
final class BulkBody {
  /** Writes the object that a document is. */
  interface Document {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static final JsonFactory JSON = new JsonFactory();

  private final boolean typed;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
  private final JsonGenerator json;
  private final List<Integer> owners = new ArrayList<>();

  BulkBody(boolean typed) {
    this.typed = typed;
    try {
      json = JSON.createGenerator(bytes).setRootValueSeparator(null);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
  }

  /**
   * Adds a document that replaces every older revision of itself and is refused by a newer one.
   *
   * @param owner the item it belongs to
   */
  void add(int owner, String index, String id, int revision, Document document) {
    try {
      json.writeStartObject();
      json.writeObjectFieldStart("index");
      json.writeStringField("_index", index);
      if (typed) {
        json.writeStringField("_type", "_doc");
      }
      json.writeStringField("_id", id);
      // Versions of one's own start at 1 in some of the servers.
      json.writeNumberField("version", revision + 1L);
      json.writeStringField("version_type", "external");
      json.writeEndObject();
      json.writeEndObject();
      json.writeRaw('\n');
      document.writeTo(json);
      json.writeRaw('\n');
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    owners.add(owner);
  }

  int size() {
    return bytes.size();
  }

  boolean isEmpty() {
    return owners.isEmpty();
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  /** The item each document belongs to, in their order. */
  List<Integer> owners() {
    return List.copyOf(owners);
  }
}
