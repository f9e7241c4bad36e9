package io.tailrace.sink.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each constraint of the published API, tripped. */
class SearchStubTest {
  private static final String NDJSON = "application/x-ndjson";
  private static final String FILTER = "filter_path=errors%2Citems.*.status%2Citems.*.error";
  private static final String ACTION =
      "{\"index\":{\"_index\":\"INDEX\",\"_id\":\"ID\",\"version\":VERSION,"
          + "\"version_type\":\"external\"}}";

  private final SearchStub search = new SearchStub("8.19.0", "", "key");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          Load | a | 1 | {} | Invalid index name
          _load | a | 1 | {} | Invalid index name
          a*b | a | 1 | {} | Invalid index name
          LONG256 | a | 1 | {} | Invalid index name
          load | LONG513 | 1 | {} | id is too long
          load | '' | 1 | {} | id is too long
          load | a | 0 | {} | version is none
          load | a | 1 | [] | failed to parse
          load | a | 1 | {"response_time":{"values":[2,1],"counts":[1,1]}} | failed to parse
          load | a | 1 | {"response_time":{"values":[1,2],"counts":[1]}} | failed to parse
          load | a | 1 | {"service_time":{"values":[1],"counts":[-1]}} | failed to parse
          load | a | 1 | {"service_time":{"values":[1],"counts":[0.5]}} | failed to parse
          """)
  void refusesTheDocument(String index, String id, String version, String document, String error)
      throws JsonProcessingException {
    String action = ACTION.replace("INDEX", index).replace("ID", id).replace("VERSION", version);
    String body =
        action.replace("LONG256", "x".repeat(256)).replace("LONG513", "x".repeat(513))
            + "\n"
            + document
            + "\n";
    Answer answer = search.answer(request("POST", "/_bulk", FILTER, NDJSON, body));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(text(answer)).contains("\"errors\":true").contains(error);
    assertThat(search.documents()).isEmpty();
  }

  @Test
  void refusesABodyThatIsNoBulk() throws JsonProcessingException {
    String action = ACTION.replace("INDEX", "load").replace("ID", "a").replace("VERSION", "1");
    assertThat(answered(NDJSON, action + "\n{}\n").stranger()).isFalse();
    assertThat(answered(NDJSON, action + "\n{}").stranger()).as("no end of line").isTrue();
    assertThat(answered("text/plain", action + "\n{}\n").stranger()).isTrue();
    assertThat(answered(NDJSON, action + "\n").stranger()).as("no document").isTrue();
    assertThat(
            answered(NDJSON, action.replace("\"_id\"", "\"_type\":\"_doc\",\"_id\"") + "\n{}\n")
                .stranger())
        .as("a type, which there are none of")
        .isTrue();
    assertThat(answered(NDJSON, action.replace("external", "internal") + "\n{}\n").stranger())
        .isTrue();
    Request stranger =
        new Request("GET", "/", "", Map.of("authorization", "none"), new byte[0], new byte[0]);
    assertThat(search.answer(stranger).status()).isEqualTo(401);
  }

  @Test
  void aVersionThatIsNoNewerConflicts() throws JsonProcessingException {
    String action = ACTION.replace("INDEX", "load").replace("ID", "a").replace("VERSION", "2");
    assertThat(text(answered(NDJSON, action + "\n{}\n"))).contains("201");
    assertThat(text(answered(NDJSON, action + "\n{}\n"))).contains("409");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          load | {"index_patterns":[],"template":{"mappings":{"properties":{}}}} | unknown key
          load | {"template":{"mappings":{"properties":{}}}} | unknown key
          load | {"index_patterns":["l"],"mappings":{"properties":{}}} | unknown key
          load | {"index_patterns":["l"],"order":1,"template":{"mappings":{"properties":{}}}} | unknown key
          load | {"index_patterns":["l"],"template":{"mapping":{}}} | unknown key
          load | {"index_patterns":["l"],"template":{"mappings":{"properties":{"a":{"type":"number"}}}}} | No handler for type [number]
          load | {"index_patterns":["l"],"template":{"mappings":{"dynamic_templates":[{"a":{}}],"properties":{}}}} | dynamic template
          Load | {"index_patterns":["l"],"template":{"mappings":{"properties":{}}}} | invalid_index_template
          lo*d | {"index_patterns":["l"],"template":{"mappings":{"properties":{}}}} | invalid_index_template
          """)
  void refusesTheTemplate(String name, String body, String error) throws JsonProcessingException {
    Answer answer =
        search.answer(request("PUT", "/_index_template/" + name, "", "application/json", body));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(text(answer)).contains(error);
    assertThat(search.templates()).isEmpty();
  }

  @Test
  void openSearchHasNoHistograms() throws JsonProcessingException {
    String body =
        "{\"index_patterns\":[\"l\"],\"template\":{\"mappings\":{\"properties\":{\"a\":"
            + "{\"type\":\"histogram\"}}}}}";
    Request put = request("PUT", "/_index_template/l", "", "application/json", body);
    assertThat(text(new SearchStub("3.8.0", "opensearch", "key").answer(put)))
        .contains("No handler for type [histogram]");
    assertThat(search.answer(put).status()).isEqualTo(200);
  }

  private Answer answered(String type, String body) throws JsonProcessingException {
    return search.answer(request("POST", "/_bulk", FILTER, type, body));
  }

  private static Request request(
      String method, String path, String query, String type, String body) {
    return new Request(
        method,
        path,
        query,
        Map.of("authorization", "key", "content-type", type),
        body.getBytes(StandardCharsets.UTF_8),
        new byte[0]);
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
