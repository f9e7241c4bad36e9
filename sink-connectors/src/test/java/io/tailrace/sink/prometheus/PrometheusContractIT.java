package io.tailrace.sink.prometheus;

import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.contract.SinkContract;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.prometheus.ProtoReader.Field;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

/** A receiver of remote write that, as Prometheus, stores all of a request or nothing of it. */
class PrometheusContractIT extends SinkContract {
  private final Map<String, Double> store = new ConcurrentHashMap<>();
  private final Set<String> bad = ConcurrentHashMap.newKeySet();

  @Test
  void standsStillWhereEverythingIsRefused() throws Exception {
    assertStandsStillWhereEverythingIsRefused();
  }

  @Override
  protected SinkProvider provider() {
    return new PrometheusSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) throws IOException {
    if (!request.is("POST", "/api/v1/write")) {
      return Answer.untaught(404, "404 page not found");
    }
    boolean known =
        request.header("content-encoding").equals("snappy")
            && request.header("content-type").equals("application/x-protobuf")
            && request.header("x-prometheus-remote-write-version").equals("0.1.0")
            && request.header("authorization").startsWith("Bearer canary-")
            && request.header("x-scope-orgid").equals("team-1");
    if (!known) {
      return Answer.untaught(400, "unexpected headers");
    }
    Map<String, Double> points = points(Snappy.uncompress(request.body()));
    for (Map.Entry<String, Double> point : points.entrySet()) {
      Double stored = store.get(point.getKey());
      if (stored != null && !stored.equals(point.getValue())) {
        return Answer.of(400, "duplicate sample for timestamp");
      }
      if (bad.contains(point.getKey())) {
        return Answer.of(400, "invalid label value");
      }
    }
    store.putAll(points);
    return Answer.of(204, "");
  }

  private static Map<String, Double> points(byte[] message) {
    Map<String, Double> points = new ConcurrentHashMap<>();
    for (Field series : ProtoReader.read(message)) {
      List<Field> fields = series.asMessage();
      String labels =
          fields.stream()
              .filter(field -> field.number() == 1)
              .map(Field::asMessage)
              .map(label -> label.get(0).asText() + "=" + label.get(1).asText())
              .collect(Collectors.joining(","));
      for (Field sample : fields) {
        if (sample.number() == 2) {
          double value = sample.asMessage().get(0).asDouble();
          points.put(labels + " " + sample.asMessage().get(1).asLong(), value);
        }
      }
    }
    return points;
  }

  @Override
  protected String block(URI target) {
    return "endpoint: %s\nbearer_token: \"{{env.SECRET_TOKEN}}\"\ntenant: team-1\nscrape: false\n"
        .formatted(target);
  }

  @Override
  protected Entry record(int number) {
    return new Entry(
        Feed.AGGREGATES, TestAggregates.window("run-" + number, "*", 1_000_000L, number + 1L));
  }

  @Override
  protected List<String> stored() {
    List<String> stored = new ArrayList<>();
    store.forEach((point, value) -> stored.add(point + " " + value));
    return stored;
  }

  @Override
  protected List<String> expected(Entry entry) {
    return List.of(point(entry) + " " + ((Aggregate) entry.value()).getThroughput());
  }

  @Override
  protected void refuse(Entry entry) {
    bad.add(point(entry));
  }

  private static String point(Entry entry) {
    return "__name__=load_test_throughput_rps,job=tailrace,run_id=%s,test_name=checkout 2000"
        .formatted(((Aggregate) entry.value()).getRun());
  }
}
