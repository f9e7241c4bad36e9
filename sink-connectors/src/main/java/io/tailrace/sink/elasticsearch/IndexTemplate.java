package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What a server is to know of an index before its first document comes. */
final class IndexTemplate {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PRIORITY = 200;

  /** Lucene takes no more than 32766 bytes in one term. */
  private static final int LONGEST_KEYWORD = 8_191;

  private IndexTemplate() {}

  /** Metrics are numbers, everything in words is a keyword, and times are dates. */
  static ObjectNode mappings(boolean histograms) {
    ObjectNode mappings = wordsAreKeywords();
    ObjectNode properties = mappings.putObject("properties");
    properties.putObject("timestamp").put("type", "date");
    if (histograms) {
      properties.putObject("response_time").put("type", "histogram");
      properties.putObject("service_time").put("type", "histogram");
    }
    return mappings;
  }

  /** The mappings as configured, field by field. */
  static ObjectNode mappings(Map<String, String> types) {
    ObjectNode mappings = wordsAreKeywords();
    ObjectNode properties = mappings.putObject("properties");
    types.forEach((field, type) -> properties.putObject(field).put("type", type));
    return mappings;
  }

  private static ObjectNode wordsAreKeywords() {
    ObjectNode mappings = JSON.createObjectNode();
    ObjectNode keyword =
        mappings
            .putArray("dynamic_templates")
            .addObject()
            .putObject("words")
            .put("match_mapping_type", "string");
    keyword.putObject("mapping").put("type", "keyword").put("ignore_above", LONGEST_KEYWORD);
    return mappings;
  }

  /** The body for {@code _index_template}, or for {@code _template} where there is no other. */
  static ObjectNode body(Server server, String pattern, ObjectNode mappings) {
    ObjectNode body = JSON.createObjectNode();
    body.putArray("index_patterns").add(pattern);
    if (server.hasComposableTemplates()) {
      body.put("priority", PRIORITY);
      body.putObject("template").set("mappings", mappings);
    } else if (server.isTyped()) {
      body.putObject("mappings").set("_doc", mappings);
    } else {
      body.set("mappings", mappings);
    }
    return body;
  }

  static String path(Server server, String name) {
    return (server.hasComposableTemplates() ? "/_index_template/" : "/_template/") + name;
  }
}
