package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server made of the documents of one {@code _bulk}, by item; an item that is not named is
 * stored.
 */
record BulkAnswer(Map<Integer, Refusal> refusals) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_REASON = 300;

  /** Why a document is not stored; the later kinds matter more than the earlier ones. */
  enum Kind {
    /** It never will be: the mapping and the document do not go together. */
    REJECTED,
    /** The server is too busy, or a shard is away. */
    RETRY,
    /** No document of this index will be, until somebody mends something. */
    MISCONFIGURED
  }

  record Refusal(Kind kind, String reason) {}

  /**
   * @param owners the item each document belongs to, in their order
   */
  static BulkAnswer read(byte[] body, List<Integer> owners) throws IOException {
    JsonNode answer = JSON.readTree(body);
    JsonNode items = answer == null ? null : answer.get("items");
    if (answer == null || !answer.path("errors").isBoolean()) {
      throw new IOException("the answer to _bulk is not one: " + shown(String.valueOf(answer)));
    }
    Map<Integer, Refusal> refusals = new TreeMap<>();
    if (!answer.path("errors").asBoolean()) {
      return new BulkAnswer(refusals);
    }
    if (items == null || items.size() != owners.size()) {
      throw new IOException(
          "the answer to _bulk tells of %d documents, %d were sent"
              .formatted(items == null ? 0 : items.size(), owners.size()));
    }
    for (int i = 0; i < owners.size(); i++) {
      // One member, named after what was asked for.
      Refusal refusal = refusal(items.get(i).path("index"));
      if (refusal != null) {
        refusals.merge(owners.get(i), refusal, BulkAnswer::weightier);
      }
    }
    return new BulkAnswer(refusals);
  }

  private static Refusal weightier(Refusal one, Refusal other) {
    return other.kind().compareTo(one.kind()) > 0 ? other : one;
  }

  private static @Nullable Refusal refusal(JsonNode item) {
    int status = item.path("status").asInt();
    // A conflict says that this revision or a newer one is there already.
    if ((status >= 200 && status < 300) || status == 409) {
      return null;
    }
    return new Refusal(kind(status, item.path("error").path("type").asText()), reason(item));
  }

  private static Kind kind(int status, String type) {
    return switch (status) {
      case 429, 408 -> Kind.RETRY;
      // Read-only indices, missing indices that are not to be created, rights.
      case 401, 403, 404 -> Kind.MISCONFIGURED;
      default ->
          type.equals("index_closed_exception") || type.equals("cluster_block_exception")
              ? Kind.MISCONFIGURED
              : status >= 500 || status < 400 ? Kind.RETRY : Kind.REJECTED;
    };
  }

  private static String reason(JsonNode item) {
    JsonNode error = item.path("error");
    String cause = error.at("/caused_by/reason").asText();
    String reason = error.isTextual() ? error.asText() : error.path("reason").asText();
    return shown(
        "%d %s: %s%s"
            .formatted(
                item.path("status").asInt(),
                error.path("type").asText(),
                reason,
                cause.isEmpty() ? "" : ": " + cause));
  }

  private static String shown(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "..." : line;
  }
}
