package io.tailrace.sink.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.SettingsException;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.contract.StubTarget;
import io.tailrace.sink.contract.StubTarget.Fault;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Sink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Versions that no test runs for real, by their published contracts; and what all have in common.
 */
class SearchVersionsIT {
  private static final long START = 1_763_650_800_000_000L;
  private static final String BASIC = "Basic bWU6c2VjcmV0";
  private static final String BLOCK =
      """
      hosts: ["%s"]
      index: "load-{{date.YYYY.MM}}"
      authentication:
        username: "{{env.ELASTIC_USER}}"
        password: "{{env.ELASTIC_PASSWORD}}"
      """;

  private final SearchSinks sinks = new SearchSinks();

  @AfterEach
  void close() {
    sinks.close();
  }

  @ParameterizedTest
  @CsvSource({
    "6.8.23, '',         false",
    "8.19.0, '',         true",
    "9.5.3,  '',         true",
    "3.8.0,  opensearch, false"
  })
  void speaksAsTheVersionUnderstands(String number, String distribution, boolean histograms)
      throws Exception {
    SearchStub search = new SearchStub(number, distribution, BASIC);
    try (StubTarget target = StubTarget.start(search::answer)) {
      Sink sink = sinks.sink(BLOCK.formatted(target.url()));
      sink.check();
      assertThat(search.templates()).isEmpty();
      for (int i = 0; i < 2; i++) {
        assertThat(SearchSinks.deliver(sink, windows(20))).isEqualTo(Delivery.accepted());
      }

      assertThat(target.strangers()).isEmpty();
      assertThat(search.documents()).hasSize(20);
      assertThat(search.templates())
          .containsOnlyKeys(
              "load-*", "tailrace-violations-*", "tailrace-events-*", "tailrace-summaries-*");
      assertThat(search.mappedType("load-*", "response_time"))
          .isEqualTo(histograms ? "histogram" : "");
    }
  }

  @Test
  void sendsAgainOnlyWhatTheServerWasTooBusyFor() throws Exception {
    SearchStub search = new SearchStub("8.19.0", "", BASIC);
    try (StubTarget target = StubTarget.start(search::answer)) {
      Sink sink = sinks.sink(BLOCK.formatted(target.url()));
      search.beBusyFor(7);
      search.refuse(DocumentEncoder.time(START + 12_000_000L));
      assertThat(SearchSinks.deliver(sink, windows(20))).isInstanceOf(Delivery.Retry.class);
      Delivery second = SearchSinks.deliver(sink, windows(20));

      assertThat(second)
          .isEqualTo(
              new Delivery.PartlyRejected(
                  List.of(
                      new Delivery.Rejection(
                          12, "400 mapper_parsing_exception: failed to parse field [requests]"))));
      List<Long> sent = new ArrayList<>();
      target.requests().stream()
          .filter(request -> request.path().equals("/_bulk"))
          .forEach(request -> sent.add(request.text().lines().count() / 2));
      assertThat(sent).containsExactly(20L, 7L);
      assertThat(search.documents()).hasSize(19);
    }
  }

  @Test
  void goesOnWithAnotherHost() throws Exception {
    SearchStub search = new SearchStub("8.19.0", "", BASIC);
    StubTarget gone = StubTarget.start(search::answer);
    gone.close();
    try (StubTarget broken = StubTarget.start(search::answer);
        StubTarget good = StubTarget.start(search::answer)) {
      broken.failAlways(Fault.RESET);
      Sink sink =
          sinks.sink(BLOCK.formatted(gone.url() + "\", \"" + broken.url() + "\", \"" + good.url()));
      assertThat(SearchSinks.deliver(sink, windows(5))).isEqualTo(Delivery.accepted());
      int tried = broken.requests().size();
      assertThat(SearchSinks.deliver(sink, windows(6))).isEqualTo(Delivery.accepted());
      assertThat(broken.requests()).as("who answered is asked first").hasSize(tried);
      assertThat(search.documents()).hasSize(6);
    }
  }

  /** It answers, so the sink waits as it is told to; then it asks the next one. */
  @Test
  void leavesAHostThatIsUnableForTheNext() throws Exception {
    SearchStub search = new SearchStub("8.19.0", "", BASIC);
    try (StubTarget unable = StubTarget.start(search::answer);
        StubTarget good = StubTarget.start(search::answer)) {
      unable.failAlways(Fault.UNAVAILABLE);
      Sink sink = sinks.sink(BLOCK.formatted(unable.url() + "\", \"" + good.url()));
      assertThat(SearchSinks.deliver(sink, windows(5))).isInstanceOf(Delivery.Retry.class);
      assertThat(SearchSinks.deliver(sink, windows(5))).isEqualTo(Delivery.accepted());
      assertThat(search.documents()).hasSize(5);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hosts: []",
        "hosts: [\"elasticsearch:9200\"]",
        "hosts: [\"http://me:secret@elasticsearch:9200\"]",
        "host: [\"http://elasticsearch:9200\"]",
        "hosts: [\"http://e:9200\"]\nmappings: {metrik: keyword}",
        "hosts: [\"http://e:9200\"]\nauthentication: {username: \"me\"}",
        "hosts: [\"http://e:9200\"]\nindex: \"load-{{dat.YYYY}}\"",
        "hosts: [\"http://e:9200\"]\nindex: \"{{test_name}}-{{date.YYYY}}\"",
        "hosts: [\"http://e:9200\"]\nevents_index: \"{{test_name}}\""
      })
  void refusesAConfigurationThatCannotBeMeant(String block) {
    assertThatThrownBy(() -> sinks.sink(block)).isInstanceOf(SettingsException.class);
  }

  @Test
  void anIndexMayHaveAnyNameWhereNoTemplateIsPutForIt() throws Exception {
    SearchStub search = new SearchStub("8.19.0", "", BASIC);
    try (StubTarget target = StubTarget.start(search::answer)) {
      String block =
          BLOCK.replace("load-{{date.YYYY.MM}}", "{{test_name}}").formatted(target.url());
      Sink sink = sinks.sink(block + "templates: false\n");
      assertThat(SearchSinks.deliver(sink, windows(1))).isEqualTo(Delivery.accepted());
    }
    assertThat(search.templates()).isEmpty();
    assertThat(search.documents().keySet()).singleElement().asString().startsWith("checkout/");
  }

  private static Aggregate[] windows(int count) {
    Aggregate[] windows = new Aggregate[count];
    for (int i = 0; i < count; i++) {
      windows[i] = TestAggregates.window("r1", "*", START + i * 1_000_000L, i);
    }
    return windows;
  }
}
