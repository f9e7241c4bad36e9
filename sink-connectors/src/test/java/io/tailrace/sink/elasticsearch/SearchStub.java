package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Elasticsearch or OpenSearch of a version, as its documentation describes the few requests a sink
 * makes; any other is refused.
 */
final class SearchStub {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int LONGEST_ID = 512;
  private static final int LONGEST_NAME = 255;
  private static final Set<String> TEMPLATE =
      Set.of(
          "index_patterns",
          "priority",
          "template",
          "composed_of",
          "version",
          "_meta",
          "data_stream",
          "allow_auto_create");
  private static final Set<String> NAMES_IN_TEMPLATE = Set.of("mappings", "settings", "aliases");
  private static final Set<String> LEGACY_TEMPLATE =
      Set.of("index_patterns", "order", "settings", "mappings", "aliases", "version");
  private static final Set<String> TYPES =
      Set.of(
          "date",
          "keyword",
          "text",
          "double",
          "float",
          "long",
          "integer",
          "boolean",
          "object",
          "histogram");

  private record Stored(long version, JsonNode document) {}

  private final String number;
  private final String distribution;
  private final String authorization;
  private final int major;
  private final Map<String, Stored> documents = new TreeMap<>();
  private final Map<String, JsonNode> templates = new TreeMap<>();
  private final Set<String> refused = new HashSet<>();
  private int busy;

  /**
   * @param distribution opensearch, or empty for Elasticsearch
   */
  SearchStub(String number, String distribution, String authorization) {
    this.number = number;
    this.distribution = distribution;
    this.authorization = authorization;
    this.major = Integer.parseInt(number.substring(0, number.indexOf('.')));
  }

  synchronized Map<String, JsonNode> documents() {
    Map<String, JsonNode> all = new TreeMap<>();
    documents.forEach((id, stored) -> all.put(id, stored.document()));
    return all;
  }

  synchronized Map<String, JsonNode> templates() {
    return new TreeMap<>(templates);
  }

  /** The type of a field in a template; empty when it has none. */
  synchronized String mappedType(String pattern, String field) {
    JsonNode mappings = templates.get(pattern);
    return mappings == null ? "" : mappings.at("/properties/" + field + "/type").asText();
  }

  /** Documents of this time do not fit the mapping. */
  synchronized void refuse(String timestamp) {
    refused.add(timestamp);
  }

  /** The next documents find the queue full. */
  synchronized void beBusyFor(int items) {
    busy = items;
  }

  synchronized Answer answer(Request request) throws JsonProcessingException {
    if (!request.header("authorization").equals(authorization)) {
      return json(401, "{\"error\":{\"type\":\"security_exception\"},\"status\":401}");
    }
    boolean legacy = major < 7 && distribution.isEmpty();
    if (request.is("GET", "/") && request.body().length == 0) {
      String more = distribution.isEmpty() ? "" : ",\"distribution\":\"" + distribution + "\"";
      return json(200, "{\"version\":{\"number\":\"%s\"%s}}".formatted(number, more));
    }
    if (request.method().equals("PUT")
        && request.header("content-type").equals("application/json")
        && request.path().startsWith(legacy ? "/_template/" : "/_index_template/")) {
      return template(request, legacy);
    }
    if (request.is("POST", "/_bulk")
        && request.query().equals("filter_path=errors%2Citems.*.status%2Citems.*.error")
        && request.header("content-type").equals("application/x-ndjson")
        && request.text().endsWith("\n")) {
      return bulk(request, legacy);
    }
    return Answer.untaught(
        400, "{\"error\":\"no handler found for uri [%s]\"}".formatted(request.path()));
  }

  private Answer template(Request request, boolean legacy) throws JsonProcessingException {
    JsonNode body = JSON.readTree(request.text());
    JsonNode mappings = legacy ? body.at("/mappings/_doc") : body.at("/template/mappings");
    String name = request.path().substring(request.path().lastIndexOf('/') + 1);
    if (!(legacy ? LEGACY_TEMPLATE : TEMPLATE).containsAll(names(body))
        || !NAMES_IN_TEMPLATE.containsAll(names(body.path("template")))
        || body.path("index_patterns").isEmpty()
        || !mappings.path("properties").isObject()) {
      return Answer.untaught(400, "{\"error\":\"unknown key in template\"}");
    }
    if (!name.equals(name.toLowerCase(Locale.ROOT)) || name.matches("_.*|.*(%20|,|#|\\*).*")) {
      return Answer.untaught(400, "{\"error\":\"invalid_index_template_exception: " + name + "\"}");
    }
    for (JsonNode field : mappings.path("properties")) {
      String type = field.path("type").asText();
      boolean lacking = type.equals("histogram") && (legacy || !distribution.isEmpty());
      if (lacking || !TYPES.contains(type)) {
        return Answer.untaught(400, "{\"error\":\"No handler for type [" + type + "]\"}");
      }
    }
    for (JsonNode each : mappings.path("dynamic_templates")) {
      JsonNode rule = each.elements().next();
      if (each.size() != 1
          || !rule.path("match_mapping_type").asText().equals("string")
          || !rule.path("mapping").isObject()) {
        return Answer.untaught(400, "{\"error\":\"a dynamic template that is none\"}");
      }
    }
    templates.put(body.at("/index_patterns/0").asText(), mappings);
    return json(200, "{\"acknowledged\":true}");
  }

  private Answer bulk(Request request, boolean legacy) throws JsonProcessingException {
    List<String> lines = request.text().lines().toList();
    ArrayNode items = JSON.createArrayNode();
    boolean errors = false;
    for (int i = 0; i < lines.size(); i += 2) {
      JsonNode action = JSON.readTree(lines.get(i)).path("index");
      List<String> keys = names(action);
      List<String> expected =
          legacy
              ? List.of("_index", "_type", "_id", "version", "version_type")
              : List.of("_index", "_id", "version", "version_type");
      boolean sound = action.path("version_type").asText().equals("external");
      if (!keys.equals(expected) || !sound || i + 1 == lines.size()) {
        return Answer.untaught(
            400,
            "{\"error\":{\"type\":\"illegal_argument_exception\",\"reason\":\"" + keys + "\"}}");
      }
      ObjectNode item = items.addObject().putObject("index");
      index(action, JSON.readTree(lines.get(i + 1)), item);
      errors |= item.path("status").asInt() >= 300;
    }
    return json(200, "{\"errors\":%s,\"items\":%s}".formatted(errors, items));
  }

  private void index(JsonNode action, JsonNode document, ObjectNode item) {
    String id = action.path("_index").asText() + "/" + action.path("_id").asText();
    long version = action.path("version").asLong();
    Stored there = documents.get(id);
    if (busy > 0) {
      busy--;
      error(item, 429, "es_rejected_execution_exception", "rejected execution: queue is full");
    } else if (!isName(action.path("_index").asText())) {
      error(item, 400, "invalid_index_name_exception", "Invalid index name");
    } else if (!isId(action.path("_id").asText()) || version < 1) {
      error(item, 400, "illegal_argument_exception", "id is too long, or version is none");
    } else if (!document.isObject() || !areHistograms(document)) {
      error(item, 400, "document_parsing_exception", "failed to parse");
    } else if (refused.contains(document.path("timestamp").asText())) {
      error(item, 400, "mapper_parsing_exception", "failed to parse field [requests]");
    } else if (there != null && there.version() >= version) {
      error(item, 409, "version_conflict_engine_exception", "current version is higher or equal");
    } else {
      documents.put(id, new Stored(version, document));
      item.put("status", there == null ? 201 : 200);
    }
  }

  private static boolean isId(String id) {
    return !id.isEmpty() && id.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ID;
  }

  private static boolean isName(String index) {
    return index.equals(index.toLowerCase(Locale.ROOT))
        && !index.matches("(?s)[-_+.].*|.*[\\\\/*?\"<>|,#: ].*|")
        && index.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
  }

  /** Fields that a template maps so: values that ascend, and as many counts. */
  private boolean areHistograms(JsonNode document) {
    for (String field : List.of("response_time", "service_time")) {
      JsonNode values = document.at("/" + field + "/values");
      JsonNode counts = document.at("/" + field + "/counts");
      if (values.size() != counts.size()) {
        return false;
      }
      for (int i = 0; i < values.size(); i++) {
        boolean ascends = i == 0 || values.get(i).asDouble() > values.get(i - 1).asDouble();
        if (!ascends || !counts.get(i).isIntegralNumber() || counts.get(i).asLong() < 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static List<String> names(JsonNode body) {
    List<String> names = new ArrayList<>();
    body.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void error(ObjectNode item, int status, String type, String reason) {
    item.put("status", status).putObject("error").put("type", type).put("reason", reason);
  }

  private static Answer json(int status, String body) {
    return Answer.json(status, body).withHeader("X-elastic-product", "Elasticsearch");
  }
}
