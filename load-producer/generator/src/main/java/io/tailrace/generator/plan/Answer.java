package io.tailrace.generator.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What came back for one request, as checks and extractions see it. Not thread-safe. */
public final class Answer {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final int status;
  private final long latencyNanos;
  private final Function<String, @Nullable String> headers;
  private final byte[] body;
  private @Nullable String text;
  private @Nullable JsonNode json;

  public Answer(
      int status, long latencyNanos, Function<String, @Nullable String> headers, byte[] body) {
    this.status = status;
    this.latencyNanos = latencyNanos;
    this.headers = headers;
    this.body = body;
  }

  int status() {
    return status;
  }

  long latencyNanos() {
    return latencyNanos;
  }

  @Nullable String header(String name) {
    return headers.apply(name);
  }

  String text() {
    String known = text;
    if (known == null) {
      known = new String(body, StandardCharsets.UTF_8);
      text = known;
    }
    return known;
  }

  /** The body as JSON; a missing node when it is none. */
  JsonNode json() {
    JsonNode known = json;
    if (known == null) {
      known = parsed();
      json = known;
    }
    return known;
  }

  private JsonNode parsed() {
    try {
      JsonNode tree = JSON.readTree(body);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }
}
