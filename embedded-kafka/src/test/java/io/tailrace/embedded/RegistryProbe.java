package io.tailrace.embedded;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a registry over HTTP and shows its answers as they are. */
final class RegistryProbe {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  RegistryProbe(String url) {
    this.url = url;
  }

  /** An answer; a body that is not JSON is missing. */
  record Answer(int status, JsonNode body) {
    int errorCode() {
      return body.path("error_code").asInt();
    }
  }

  Answer get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  Answer send(String method, String path, String body) {
    return send(method, path, BodyPublishers.ofString(body));
  }

  Answer send(String method, String path, BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .method(method, body)
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), json(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + url + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  int register(String subject, String schema) {
    Answer answer = send("POST", "/subjects/" + subject + "/versions", body(schema));
    if (answer.status() != 200) {
      throw new IllegalStateException("registering under %s: %s".formatted(subject, answer));
    }
    return answer.body().path("id").intValue();
  }

  static String body(String schema) {
    return JsonNodeFactory.instance.objectNode().put("schema", schema).toString();
  }

  /** A record schema with fields written as {@code name:type}; with a default if {@code ?}. */
  static String record(String name, String... fields) {
    StringBuilder schema = new StringBuilder();
    schema.append("{\"type\":\"record\",\"name\":\"").append(name).append("\",\"fields\":[");
    for (int i = 0; i < fields.length; i++) {
      String[] parts = fields[i].split(":", 2);
      boolean optional = parts[1].endsWith("?");
      String type = parts[1].replace("?", "");
      schema.append(i == 0 ? "" : ",").append("{\"name\":\"").append(parts[0]);
      schema.append("\",\"type\":");
      schema.append(
          optional ? "[\"null\",\"" + type + "\"],\"default\":null}" : "\"" + type + "\"}");
    }
    return schema.append("]}").toString();
  }

  private static JsonNode json(byte[] body) throws IOException {
    try {
      JsonNode json = JSON.readTree(body);
      return json == null ? MissingNode.getInstance() : json;
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }
}
