package io.tailrace.sink.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource({
    "6.8.23,        ,           true,  false, false",
    "7.5.2,         ,           false, false, false",
    "7.17.29,       ,           false, true,  true",
    "8.19.0,        ,           false, true,  true",
    "9.5.3-SNAPSHOT,,           false, true,  true",
    "2.19.5,        opensearch, false, true,  false",
    "3.8.0,         opensearch, false, true,  false"
  })
  void knowsWhatAServerWants(
      String number,
      @Nullable String distribution,
      boolean typed,
      boolean composable,
      boolean histograms)
      throws IOException {
    JsonNode root =
        JSON.readTree(
            "{\"version\":{\"number\":\"%s\"%s}}"
                .formatted(
                    number,
                    distribution == null ? "" : ",\"distribution\":\"" + distribution + "\""));
    Server server = Server.of(root);

    assertThat(server.isTyped()).isEqualTo(typed);
    assertThat(server.hasComposableTemplates()).isEqualTo(composable);
    assertThat(server.mayHaveHistograms()).isEqualTo(histograms);
  }

  @Test
  void refusesWhatIsNoSearchServer() throws IOException {
    JsonNode root = JSON.readTree("{\"hello\":\"world\"}");

    assertThatThrownBy(() -> Server.of(root))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Elasticsearch or OpenSearch");
  }

  @Test
  void templatesAreWrittenAsEachServerReadsThem() {
    Map<String, String> types = new LinkedHashMap<>();
    types.put("timestamp", "date");
    types.put("tags", "object");
    String mappings =
        "{\"dynamic_templates\":[{\"words\":{\"match_mapping_type\":\"string\","
            + "\"mapping\":{\"type\":\"keyword\",\"ignore_above\":8191}}}],"
            + "\"properties\":{\"timestamp\":{\"type\":\"date\"},\"tags\":{\"type\":\"object\"}}}";

    assertThat(body(new Server(true, 2, 19), types))
        .isEqualTo(
            "{\"index_patterns\":[\"m-*\"],\"priority\":200,\"template\":{\"mappings\":%s}}"
                .formatted(mappings));
    assertThat(body(new Server(false, 7, 5), types))
        .isEqualTo("{\"index_patterns\":[\"m-*\"],\"mappings\":%s}".formatted(mappings));
    assertThat(body(new Server(false, 6, 8), types))
        .isEqualTo("{\"index_patterns\":[\"m-*\"],\"mappings\":{\"_doc\":%s}}".formatted(mappings));
    assertThat(IndexTemplate.path(new Server(false, 6, 8), "t")).isEqualTo("/_template/t");
    assertThat(IndexTemplate.path(new Server(false, 9, 0), "t")).isEqualTo("/_index_template/t");
  }

  private static String body(Server server, Map<String, String> types) {
    return IndexTemplate.body(server, "m-*", IndexTemplate.mappings(types)).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "perfornium-metrics-2026.11|perfornium-metrics-2026.11",
        "Load Test #1 / Shop|load-test--1---shop",
        "_internal|xinternal",
        ".kibana|xkibana",
        "..|x.",
        "a*b?c<d>e,f:g\"h|a-b-c-d-e-f-g-h",
        "größe|größe"
      })
  void namesOfIndicesAreOnesThatServersAccept(String text, String name) {
    assertThat(IndexName.of(text)).isEqualTo(name);
  }

  @Test
  void namesOfIndicesAreNeverEmptyOrTooLong() {
    assertThat(IndexName.of("")).isEqualTo("x");
    assertThat(IndexName.of("é".repeat(300)).getBytes(StandardCharsets.UTF_8))
        .hasSizeBetween(250, 255);
  }

  @ParameterizedTest
  @CsvSource({
    "perfornium-metrics-{{date.YYYY.MM}},perfornium-metrics-*",
    "{{test_name}}-{{date.YYYY.MM}},*-*",
    "{{test_name}}{{environment}},*",
    "Load {{test_name}} x,load-*-x",
    "fixed,fixed"
  })
  void aPatternMatchesEveryNameOfATemplate(String template, String pattern) {
    assertThat(IndexName.pattern(template)).isEqualTo(pattern);
  }

  @Test
  void eachDocumentHasItsOwnAnswer() throws IOException {
    String answer =
        """
        {"took":3,"errors":true,"items":[
          {"index":{"status":201}},
          {"index":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"current version [1]"}}},
          {"index":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"queue is full"}}},
          {"index":{"status":400,"error":{"type":"mapper_parsing_exception","reason":"failed to parse field [x]","caused_by":{"type":"n","reason":"For input string: \\"a\\nb\\""}}}},
          {"index":{"status":503,"error":{"type":"unavailable_shards_exception","reason":"primary shard is not active"}}},
          {"index":{"status":403,"error":{"type":"cluster_block_exception","reason":"index [m] blocked by: [FORBIDDEN/8/index write (api)];"}}},
          {"index":{"status":429,"error":{"type":"cluster_block_exception","reason":"disk usage exceeded flood-stage watermark"}}},
          {"index":{"status":400,"error":{"type":"index_closed_exception","reason":"closed"}}}
        ]}
        """;
    Map<Integer, BulkAnswer.Refusal> refusals = read(answer, List.of(0, 1, 2, 3, 4, 5, 6, 7));

    assertThat(refusals).containsOnlyKeys(2, 3, 4, 5, 6, 7);
    assertThat(refusals.values().stream().map(BulkAnswer.Refusal::kind))
        .containsExactly(
            BulkAnswer.Kind.RETRY,
            BulkAnswer.Kind.REJECTED,
            BulkAnswer.Kind.RETRY,
            BulkAnswer.Kind.MISCONFIGURED,
            BulkAnswer.Kind.RETRY,
            BulkAnswer.Kind.MISCONFIGURED);
    assertThat(refusals.get(3))
        .extracting(BulkAnswer.Refusal::reason)
        .isEqualTo(
            "400 mapper_parsing_exception: failed to parse field [x]: For input string: \"a b\"");
  }

  @Test
  void theGravestAnswerOfAnItemsDocumentsIsTheItems() throws IOException {
    String answer =
        """
        {"errors":true,"items":[
          {"index":{"status":400,"error":{"type":"t","reason":"bad"}}},
          {"index":{"status":429,"error":{"type":"t","reason":"busy"}}},
          {"index":{"status":201}}]}
        """;
    assertThat(read(answer, List.of(5, 5, 5)).get(5))
        .extracting(BulkAnswer.Refusal::kind)
        .isEqualTo(BulkAnswer.Kind.RETRY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "<html>",
        "{}",
        "{\"errors\":true}",
        "{\"errors\":true,\"items\":[]}",
        "{\"errors\":\"no\"}"
      })
  void whatIsNoAnswerIsNotTakenForOne(String body) {
    assertThatThrownBy(() -> read(body, List.of(0))).isInstanceOf(IOException.class);
  }

  private static Map<Integer, BulkAnswer.Refusal> read(String body, List<Integer> owners)
      throws IOException {
    return BulkAnswer.read(body.getBytes(StandardCharsets.UTF_8), owners).refusals();
  }
}
