package io.tailrace.embedded;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A request of the registry protocol, its path, query and body already taken apart. */
record RegistryRequest(
    String method, String path, List<String> segments, Map<String, String> query, String body) {
  static final int LONGEST_BODY = 1 << 20;
  private static final int LONGEST_SUBJECT = 1_000;

  static RegistryRequest read(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(decoded(segment.replace("+", "%2B")));
      }
    }
    Map<String, String> query = new TreeMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      query.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
    }
    return new RegistryRequest(exchange.getRequestMethod(), path, segments, query, body(exchange));
  }

  private static String body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
    if (body.length > LONGEST_BODY) {
      throw Refusal.tooLarge(LONGEST_BODY);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.badRequest("The body is not UTF-8");
    }
  }

  boolean isSet(String parameter) {
    return Boolean.parseBoolean(query.getOrDefault(parameter, "false"));
  }

  String subject(int segment) {
    String subject = segments.get(segment);
    if (subject.length() > LONGEST_SUBJECT || subject.chars().anyMatch(Character::isISOControl)) {
      throw Refusal.invalidSubject(
          subject.length() > LONGEST_SUBJECT
              ? subject.substring(0, 40) + "…"
              : subject.replaceAll("\\p{Cntrl}", "?"));
    }
    return subject;
  }

  int id(int segment) {
    try {
      return Integer.parseInt(segments.get(segment));
    } catch (NumberFormatException e) {
      throw Refusal.schemaIdNotFound(segments.get(segment));
    }
  }

  /** The schema in the body; kinds of schemas and of registration that are not ours are refused. */
  String schema() {
    JsonNode json = json();
    String type = json.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw Refusal.invalidSchema("schemaType %s; only AVRO is supported".formatted(type));
    }
    if (!json.path("references").isEmpty()) {
      throw Refusal.invalidSchema("references to other subjects are not supported");
    }
    if (json.path("id").asInt(-1) > 0) {
      throw Refusal.notPermitted("The registry chooses ids itself; it is not in import mode");
    }
    JsonNode schema = json.path("schema");
    if (!schema.isTextual() || schema.textValue().isBlank()) {
      throw Refusal.invalidSchema("the body has no text \"schema\"");
    }
    return schema.textValue();
  }

  CompatibilityLevel level() {
    JsonNode level = json().path("compatibility");
    return CompatibilityLevel.named(level.asText())
        .orElseThrow(() -> Refusal.invalidCompatibility(level.asText()));
  }

  RegistryMode mode() {
    JsonNode mode = json().path("mode");
    return RegistryMode.named(mode.asText()).orElseThrow(() -> Refusal.invalidMode(mode.asText()));
  }

  private JsonNode json() {
    try {
      JsonNode json = LogRecord.JSON.readTree(body);
      if (json != null && json.isObject()) {
        return json;
      }
      throw Refusal.badRequest("The body is not a JSON object");
    } catch (JacksonException e) {
      throw Refusal.badRequest("The body is not JSON: " + e.getOriginalMessage());
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("Malformed percent-encoding: " + e.getMessage());
    }
  }
}
