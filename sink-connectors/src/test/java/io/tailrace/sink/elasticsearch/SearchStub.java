package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Elasticsearch or OpenSearch of a version, as its documentation describes the few requests a sink
 * makes; any other is refused.
 */
final class SearchStub {
  private static final ObjectMapper JSON = new ObjectMapper();

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
    if (!body.path("index_patterns").isArray() || !mappings.path("properties").isObject()) {
      return Answer.untaught(400, "{\"error\":\"unknown key in template\"}");
    }
    for (JsonNode field : mappings.path("properties")) {
      boolean histogram = field.path("type").asText().equals("histogram");
      if (histogram && (legacy || !distribution.isEmpty())) {
        return Answer.untaught(400, "{\"error\":\"No handler for type [histogram]\"}");
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
      List<String> keys = new ArrayList<>();
      for (Iterator<String> names = action.fieldNames(); names.hasNext(); ) {
        keys.add(names.next());
      }
      List<String> expected =
          legacy
              ? List.of("_index", "_type", "_id", "version", "version_type")
              : List.of("_index", "_id", "version", "version_type");
      if (!keys.equals(expected) || !action.path("version_type").asText().equals("external")) {
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
    } else if (refused.contains(document.path("timestamp").asText())) {
      error(item, 400, "mapper_parsing_exception", "failed to parse field [requests]");
    } else if (there != null && there.version() >= version) {
      error(item, 409, "version_conflict_engine_exception", "current version is higher or equal");
    } else {
      documents.put(id, new Stored(version, document));
      item.put("status", there == null ? 201 : 200);
    }
  }

  private static void error(ObjectNode item, int status, String type, String reason) {
    item.put("status", status).putObject("error").put("type", type).put("reason", reason);
  }

  private static Answer json(int status, String body) {
    return Answer.json(status, body).withHeader("X-elastic-product", "Elasticsearch");
  }
}
