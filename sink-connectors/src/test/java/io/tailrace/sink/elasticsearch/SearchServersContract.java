package io.tailrace.sink.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.embedded.SearchProcess;
import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.TestRuns;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Sink;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a real server makes of the documents; a server opts in by subclassing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SearchServersContract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START = 1_763_650_800_000_000L;
  private static final long MONTH = 30 * 86_400_000_000L;

  private final SearchSinks sinks = new SearchSinks();
  private final SearchProcess search;

  SearchServersContract(SearchProcess.Kind kind, @TempDir Path folder) {
    this.search = SearchProcess.start(kind, folder);
  }

  @BeforeEach
  @AfterEach
  void empty() {
    search.send("DELETE", "/load-2025.11,load-2025.12?ignore_unavailable=true", "");
    search.send("DELETE", "/tailrace-violations-1970.01?ignore_unavailable=true", "");
  }

  @AfterAll
  void stop() {
    sinks.close();
    search.close();
  }

  @Test
  void aWindowIsADocumentInTheIndexOfItsMonth() throws Exception {
    Sink sink = sink("");
    sink.check();
    for (int i = 0; i < 2; i++) {
      assertThat(SearchSinks.deliver(sink, window(0, 5), window(MONTH, 6)))
          .isEqualTo(Delivery.accepted());
    }

    assertThat(count("load-2025.11")).isEqualTo(1);
    assertThat(count("load-2025.12")).isEqualTo(1);
    JsonNode fields = get("/load-2025.11/_mapping").at("/load-2025.11/mappings/properties");
    assertThat(fields.at("/timestamp/type").asText()).isEqualTo("date");
    assertThat(fields.at("/series/type").asText()).isEqualTo("keyword");
    assertThat(fields.at("/requests/type").asText()).isEqualTo("long");
    assertThat(fields.at("/throughput/type").asText()).isIn("float", "double");
    JsonNode found = get("/load-2025.11/_search?q=run_id:r1").at("/hits/hits/0/_source");
    assertThat(found.path("requests").asLong()).isEqualTo(5);
    assertThat(found.path("response_time_p95").asDouble()).isEqualTo(9.5);
  }

  @Test
  void aCorrectionReplacesAndAnOlderRevisionDoesNot() throws Exception {
    Sink sink = sink("");
    Aggregate corrected = window(0, 7);
    corrected.setRevision(1);
    Aggregate supplement = window(0, 2);
    supplement.setSupplement(true);
    supplement.setRevision(1);
    assertThat(SearchSinks.deliver(sink, window(0, 5), corrected, supplement, window(0, 5)))
        .isEqualTo(Delivery.accepted());
    assertThat(SearchSinks.deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());

    assertThat(count("load-2025.11")).isEqualTo(2);
    assertThat(get("/load-2025.11/_search?q=revision:1&sort=requests").findValuesAsText("requests"))
        .containsExactly("2", "7");
  }

  @Test
  void aFieldThatChangesItsTypeIsRefusedForItsDocumentAlone() throws Exception {
    Sink sink = sink("");
    search.send(
        "PUT",
        "/load-2025.11",
        "{\"mappings\":{\"properties\":{\"tags\":{\"properties\":{\"build\":{\"type\":\"integer\"}}}}}}");
    Aggregate bad = window(1_000_000, 6);
    bad.setTags(Map.of("build", "main"));

    assertThat(SearchSinks.deliver(sink, window(0, 5), bad, window(2_000_000, 7)))
        .isInstanceOfSatisfying(
            Delivery.PartlyRejected.class,
            partly -> {
              assertThat(partly.rejections()).hasSize(1);
              assertThat(partly.rejections().get(0).index()).isEqualTo(1);
              assertThat(partly.rejections().get(0).reason()).contains("tags.build");
            });
    assertThat(count("load-2025.11")).isEqualTo(2);
  }

  @Test
  void waitsWhileAnIndexIsReadOnlyOrTheDiskIsFull() throws Exception {
    Sink sink = sink("");
    assertThat(SearchSinks.deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());
    block("read_only_allow_delete", "true");
    assertThat(SearchSinks.deliver(sink, window(0, 5), window(1_000_000, 6)))
        .isInstanceOf(Delivery.Retry.class);
    block("read_only_allow_delete", "null");
    block("write", "true");
    assertThat(SearchSinks.deliver(sink, window(0, 5), window(1_000_000, 6)))
        .isInstanceOfSatisfying(
            Delivery.Misconfigured.class, it -> assertThat(it.reason()).contains("blocked"));
    block("write", "null");
    assertThat(SearchSinks.deliver(sink, window(0, 5), window(1_000_000, 6)))
        .isEqualTo(Delivery.accepted());
    assertThat(count("load-2025.11")).isEqualTo(2);
  }

  @Test
  void withMappingsEveryMetricIsADocument() throws Exception {
    Sink sink =
        sink(
            """
            authentication:
              username: "{{env.ELASTIC_USER}}"
              password: "{{env.ELASTIC_PASSWORD}}"
            mappings:
              timestamp: "date"
              test_name: "keyword"
              metric_name: "keyword"
              metric_value: "double"
              tags: "object"
            """);
    for (int i = 0; i < 2; i++) {
      assertThat(SearchSinks.deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());
    }

    assertThat(count("load-2025.11")).isEqualTo(24);
    assertThat(get("/load-2025.11/_mapping").findValue("metric_value").path("type").asText())
        .isEqualTo("double");
    JsonNode found = get("/load-2025.11/_search?q=metric_name:response_time_p95").at("/hits/hits");
    assertThat(found).hasSize(1);
    assertThat(found.at("/0/_source/metric_value").asDouble()).isEqualTo(9.5);
    assertThat(found.at("/0/_source/tags/series").asText()).isEqualTo("*");
  }

  @Test
  void anEpisodeIsOneDocumentThatItsChangesReplace() throws Exception {
    Sink sink = sink("");
    List<Item> items =
        List.of(
            SearchSinks.item(
                Feed.VIOLATIONS, 0, TestRuns.violation("r1", ViolationState.OPENED, 0)),
            SearchSinks.item(
                Feed.VIOLATIONS, 1, TestRuns.violation("r1", ViolationState.RESOLVED, 1)),
            SearchSinks.item(Feed.RUN_EVENTS, 2, TestRuns.event("r1", RunEventKind.STARTED)),
            SearchSinks.item(Feed.SUMMARIES, 3, TestRuns.failed("r1")));
    for (int i = 0; i < 2; i++) {
      assertThat(sink.deliver(items)).isEqualTo(Delivery.accepted());
    }

    assertThat(count("tailrace-violations-1970.01")).isEqualTo(1);
    assertThat(get("/tailrace-violations-1970.01/_search").findValuesAsText("state"))
        .containsExactly("RESOLVED");
    assertThat(count("tailrace-events-1970.01")).isEqualTo(1);
    assertThat(count("tailrace-summaries-1970.01")).isEqualTo(1);
  }

  private void block(String which, String on) {
    search.send("PUT", "/load-2025.11/_settings", "{\"index.blocks.%s\":%s}".formatted(which, on));
  }

  private long count(String index) throws Exception {
    search.send("POST", "/" + index + "/_refresh", "");
    return get("/" + index + "/_count").path("count").asLong();
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(search.send("GET", path, ""));
  }

  private Sink sink(String more) {
    return sinks.sink(
        "hosts: [\"%s\"]\nindex: \"load-{{date.YYYY.MM}}\"\n".formatted(search.url()) + more);
  }

  private static Aggregate window(long micros, long requests) {
    return TestAggregates.window("r1", "*", START + micros, requests);
  }
}
