package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a cluster calls itself, and what follows from it for requests. */
record Server(boolean openSearch, int major, int minor) {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final int FIRST_TYPELESS = 7;
  private static final int FIRST_COMPOSABLE_MINOR = 8;
  private static final int FIRST_HISTOGRAM_MINOR = 6;

  /** Reads the answer to GET /. */
  static Server of(JsonNode root) {
    String number = root.at("/version/number").asText();
    Matcher version = VERSION.matcher(number);
    if (!version.matches()) {
      throw new IllegalArgumentException(
          "the server says its version is '%s', expected one of Elasticsearch or OpenSearch"
              .formatted(number));
    }
    return new Server(
        root.at("/version/distribution").asText().equals("opensearch"),
        Integer.parseInt(version.group(1)),
        Integer.parseInt(version.group(2)));
  }

  /** Elasticsearch 6 wants a type with every document and mapping; 8 refuses one. */
  boolean isTyped() {
    return !openSearch && major < FIRST_TYPELESS;
  }

  /** Whether it has {@code _index_template}; before, there was only {@code _template}. */
  boolean hasComposableTemplates() {
    return openSearch || isAtLeast(FIRST_TYPELESS, FIRST_COMPOSABLE_MINOR);
  }

  /** Elasticsearch has it as part of its basic licence, which some builds of it leave out. */
  boolean mayHaveHistograms() {
    return !openSearch && isAtLeast(FIRST_TYPELESS, FIRST_HISTOGRAM_MINOR);
  }

  private boolean isAtLeast(int thatMajor, int thatMinor) {
    return major > thatMajor || (major == thatMajor && minor >= thatMinor);
  }
}
