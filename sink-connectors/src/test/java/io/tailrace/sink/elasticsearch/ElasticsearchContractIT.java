package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.contract.SinkContract;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.SinkProvider;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The whole kit against Elasticsearch 8 by its published contract. */
class ElasticsearchContractIT extends SinkContract {
  private static final long START = 1_763_650_800_000_000L;

  private final SearchStub search =
      new SearchStub("8.19.0", "", "ApiKey canary-secret_api_key-7f3a9");

  @Override
  protected SinkProvider provider() {
    return new ElasticsearchSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) throws IOException {
    return search.answer(request);
  }

  @Override
  protected String block(URI target) {
    return """
        hosts: ["%s"]
        index: "load-{{date.YYYY.MM}}"
        authentication:
          api_key: "{{env.SECRET_API_KEY}}"
        """
        .formatted(target);
  }

  @Override
  protected Entry record(int number) {
    return new Entry(
        Feed.AGGREGATES, TestAggregates.window("r1", "*", START + number * 1_000_000L, number));
  }

  @Override
  protected List<String> stored() {
    List<String> stored = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : search.documents().entrySet()) {
      JsonNode document = each.getValue();
      stored.add(
          text(
              each.getKey().substring(0, each.getKey().indexOf('/')),
              document.path("run_id").asText(),
              document.path("series").asText(),
              document.path("timestamp").asText(),
              document.path("requests").asLong()));
    }
    return stored;
  }

  @Override
  protected List<String> expected(Entry entry) {
    Aggregate window = (Aggregate) entry.value();
    return List.of(text("load-2025.11", "r1", "*", time(window), window.getRequests()));
  }

  @Override
  protected void refuse(Entry entry) {
    search.refuse(time((Aggregate) entry.value()));
  }

  private static String time(Aggregate window) {
    return DocumentEncoder.time(window.getWindowStartMicros());
  }

  private static String text(String index, String run, String series, String time, long requests) {
    return String.join(" ", index, run, series, time, Long.toString(requests));
  }
}
