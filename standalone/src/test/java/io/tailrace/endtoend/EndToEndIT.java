package io.tailrace.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.embedded.InfluxProcess;
import io.tailrace.embedded.NeedsServer;
import io.tailrace.embedded.PrometheusProcess;
import io.tailrace.embedded.SearchProcess;
import io.tailrace.embedded.TestServer;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetLedger;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.NodeLedger;
import io.tailrace.record.RunSummary;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One run through every process there is, read back from every place it went to. */
@NeedsServer({TestServer.PROMETHEUS, TestServer.INFLUXDB})
@Timeout(420)
class EndToEndIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RUN = "e2e";
  private static final String WHOLE_RUN = "*";
  private static final int NODES = 3;
  private static final List<String> SINKS = List.of("prometheus", "influxdb", "elasticsearch");
  private static final long SECOND_MICROS = 1_000_000;

  private static final List<Double> PERCENTS = List.of(50.0, 75.0, 95.0, 99.0);

  /** How long the target takes for a path, far enough apart to be told by a percentile. */
  private static final Map<String, Long> MILLIS =
      new TreeMap<>(
          Map.of("GET /broken", 10L, "GET /quick", 10L, "GET /slow", 250L, "GET /stuck", 900L));

  private static final String PLAN =
      """
      name: shop
      target: %s
      load: {rate: 80, duration: 8s, arrivals: poisson}
      http: {timeout: 1m, connect_timeout: 1m, drain: 1m}
      scenarios:
        - {name: quick, weight: 65, steps: [{get: /quick, query: {latency: 10ms}}]}
        - {name: broken, weight: 3, steps: [{get: /broken, query: {latency: 10ms, status: "503"}}]}
        - {name: slow, weight: 20, steps: [{get: /slow, query: {latency: 250ms}}]}
        - {name: stuck, weight: 12, steps: [{get: /stuck, query: {latency: 900ms}}]}
      sla: [p95 < 1m]
      """;

  private static final String OUTPUTS =
      """
      outputs:
        prometheus: {endpoint: "%s", native_resolution: 8}
        influxdb: {url: "%s", database: load, measurement: load, flush_interval: 500ms}
        elasticsearch: {hosts: ["%s"], index: load, flush_interval: 500ms}
      """;

  @TempDir private Path folder = Path.of("");
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @AfterEach
  void stop() throws Exception {
    threads.shutdown();
    assertThat(threads.awaitTermination(90, TimeUnit.SECONDS)).isTrue();
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private synchronized <T extends AutoCloseable> T opened(T what) {
    open.push(what);
    return what;
  }

  private <T extends AutoCloseable> Future<T> starting(Callable<T> start) {
    return threads.submit(() -> opened(start.call()));
  }

  @Test
  void everyPlaceSaysTheSameOfARun() throws Exception {
    Future<SearchProcess> searching =
        starting(
            () -> SearchProcess.start(SearchProcess.Kind.OPENSEARCH, folder.resolve("search")));
    Future<InfluxProcess> influxing =
        starting(() -> InfluxProcess.start(folder.resolve("influxdb")));
    Future<PrometheusProcess> prometheusing =
        starting(() -> PrometheusProcess.start(folder.resolve("prometheus")));
    Cluster cluster = opened(new Cluster());
    TargetServer target = opened(TargetServer.start(Behaviour.PROMPT));
    Tailraces tailrace = opened(new Tailraces(folder, cluster.environment()));
    Files.writeString(folder.resolve("plan.yaml"), PLAN.formatted(target.url()));
    tailrace.start("aggregator", "aggregate");
    SearchProcess search = searching.get();
    InfluxProcess influx = influxing.get();
    PrometheusProcess prometheus = prometheusing.get();
    Files.writeString(
        folder.resolve("sinks.yaml"),
        OUTPUTS.formatted(prometheus.url(), influx.url(), search.url()));
    for (String sink : SINKS) {
      tailrace.start(sink, "sink", sink, "--config", "sinks.yaml");
    }
    tailrace.awaitAddress("aggregator");
    for (String sink : SINKS) {
      tailrace.awaitAddress(sink);
    }
    for (int node = 1; node <= NODES; node++) {
      tailrace.start(
          "node-" + node,
          "load",
          "plan.yaml",
          "--run",
          RUN,
          "--node",
          node + "/" + NODES,
          "--warm-up",
          "1s",
          "--quiet",
          "--wait");
    }
    for (int node = 1; node <= NODES; node++) {
      tailrace.awaitSuccess("node-" + node, 150);
    }

    Expected expected = new Expected(target.ledger());
    Aggregate total = topics(cluster, expected);
    assertThat(total.getRequests()).isGreaterThan(500);
    assertThat(total.getErrors()).isPositive();
    Places places = new Places(prometheus, influx, search);
    await("every sink has the whole run\n" + tailrace.said())
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .untilAsserted(() -> places.agree(expected, total));
    for (String sink : SINKS) {
      tailrace.stop(sink);
    }
    tailrace.stop("aggregator");
  }

  /** What the target counted by itself, and what follows for the percentiles. */
  private static final class Expected {
    final Map<String, Long> requests = new TreeMap<>();
    final long errors;
    private final Times millis = new Times();

    Expected(TargetLedger ledger) {
      MILLIS.forEach(
          (path, time) -> {
            requests.put(path, ledger.received(path));
            millis.add(time, ledger.received(path));
          });
      requests.put(WHOLE_RUN, ledger.received());
      errors = ledger.answered(503);
      assertThat(ledger.received()).as("other paths").isEqualTo(millis.count());
    }

    /** A percentile is no less than what the path it falls on takes; a busy machine adds to it. */
    void assertTime(double percent, long micros) {
      assertThat(micros / 1e3)
          .as("p" + percent)
          .isGreaterThanOrEqualTo(millis.percentile(percent) - 2.0);
    }
  }

  /** Samples, windows, totals and summary in Kafka, against the target and one another. */
  private static Aggregate topics(Cluster cluster, Expected expected) {
    Times raw = new Times();
    for (SampleBatch batch : cluster.read(cluster.topics.samples(), SampleBatch.class)) {
      for (int i = 0; i < batch.getLatencyMicros().size(); i++) {
        long delay = batch.getDelayMicros().isEmpty() ? 0 : batch.getDelayMicros().get(i);
        raw.add(batch.getLatencyMicros().get(i) + delay, 1);
      }
    }
    assertThat((long) raw.count()).isEqualTo(expected.requests.get(WHOLE_RUN));

    Map<String, Aggregate> totals = new TreeMap<>();
    Map<String, Long> windows = new TreeMap<>();
    Map<String, Map<Long, Long>> byStart = new TreeMap<>();
    for (Aggregate each : cluster.read(cluster.topics.windows(), Aggregate.class)) {
      String series = each.getSeries().getName();
      if (each.getTotal()) {
        totals.put(series, each);
      } else if (each.getWindowMicros() == SECOND_MICROS && !each.getSupplement()) {
        byStart
            .computeIfAbsent(series, unused -> new TreeMap<>())
            .put(each.getWindowStartMicros(), each.getRequests());
      }
    }
    byStart.forEach(
        (series, starts) ->
            windows.put(series, starts.values().stream().mapToLong(Long::longValue).sum()));
    assertThat(windows).isEqualTo(expected.requests);
    assertThat(totals).hasSameSizeAs(expected.requests);
    totals.forEach(
        (series, total) ->
            assertThat(total.getRequests()).as(series).isEqualTo(expected.requests.get(series)));

    Aggregate total = Objects.requireNonNull(totals.get(WHOLE_RUN));
    assertThat(total.getErrors()).isEqualTo(expected.errors);
    Distribution times = Objects.requireNonNull(total.getResponseTime());
    for (double percent : PERCENTS) {
      long told = micros(times, percent);
      long exact = raw.percentile(percent);
      assertThat(told).as("p" + percent).isCloseTo(exact, within(exact / 1_000 + 1));
      expected.assertTime(percent, told);
    }
    RunSummary summary =
        cluster.read(cluster.topics.summaries(), RunSummary.class).stream()
            .reduce((older, newer) -> newer)
            .orElseThrow();
    assertThat(summary.getVerdict()).isEqualTo(Verdict.PASSED);
    assertThat(summary.getRequests()).isEqualTo(total.getRequests());
    assertThat(summary.getErrors()).isEqualTo(total.getErrors());
    assertThat(summary.getResponseTime()).isEqualTo(times);
    assertThat(summary.getLedger()).hasSize(NODES).allMatch(NodeLedger::getBalanced);
    return total;
  }

  private static long micros(Distribution times, double percent) {
    return switch ((int) percent) {
      case 50 -> times.getP50Micros();
      case 75 -> times.getP75Micros();
      case 95 -> times.getP95Micros();
      default -> times.getP99Micros();
    };
  }

  /** The systems that the sinks write to. */
  private record Places(PrometheusProcess prometheus, InfluxProcess influx, SearchProcess search) {

    void agree(Expected expected, Aggregate total) throws Exception {
      expected.requests.forEach(
          (series, requests) -> {
            inInflux(series, requests);
            inSearch(series, requests);
          });
      inPrometheus(expected, total);
      Distribution times = Objects.requireNonNull(total.getResponseTime());
      JsonNode document = totalInSearch();
      assertThat(document.path("errors").asLong()).isEqualTo(expected.errors);
      assertThat(influx("SELECT errors FROM load WHERE " + TOTAL).asLong())
          .isEqualTo(expected.errors);
      for (double percent : PERCENTS) {
        double exact = micros(times, percent) / 1e3;
        String field = "response_time_p" + (int) percent;
        assertThat(document.path(field).asDouble()).as(field).isEqualTo(exact);
        assertThat(influx("SELECT " + field + " FROM load WHERE " + TOTAL).asDouble())
            .as(field)
            .isEqualTo(exact);
      }
    }

    private static final String TOTAL = "\"window\" = 'total' AND \"series\" = '*'";

    private void inInflux(String series, long requests) {
      String where = "WHERE \"series\" = '" + series + "' AND \"window\" = ";
      assertThat(influx("SELECT sum(requests) FROM load " + where + "'1s'").asLong())
          .as("the seconds of %s in InfluxDB", series)
          .isEqualTo(requests);
      assertThat(influx("SELECT requests FROM load " + where + "'total'").asLong())
          .as("the total of %s in InfluxDB", series)
          .isEqualTo(requests);
    }

    private JsonNode influx(String query) {
      return read(influx.query("load", query)).at("/results/0/series/0/values/0/1");
    }

    private void inSearch(String series, long requests) {
      String query =
          """
          {"size": 0, "aggs": {"sum": {"sum": {"field": "requests"}}}, "query": {"bool": {"filter":
            [{"term": {"series": "%s"}}, {"term": {"window": "%s"}}]}}}
          """;
      for (String window : List.of("1s", "total")) {
        JsonNode answer =
            read(search.send("POST", "/load/_search", query.formatted(series, window)));
        assertThat(answer.at("/aggregations/sum/value").asLong())
            .as("%s of %s in OpenSearch", window, series)
            .isEqualTo(requests);
      }
    }

    private JsonNode totalInSearch() {
      JsonNode hits =
          read(search.send(
                  "POST",
                  "/load/_search",
                  """
                  {"query": {"bool": {"filter":
                    [{"term": {"series": "*"}}, {"term": {"window": "total"}}]}}}
                  """))
              .at("/hits/hits");
      assertThat(hits).hasSize(1);
      return hits.at("/0/_source");
    }

    /** Counts are exact; a quantile is right within its bucket, which is 0.27 % wide. */
    private void inPrometheus(Expected expected, Aggregate total) {
      double end = (total.getWindowStartMicros() + total.getWindowMicros()) / 1e6;
      Map<String, Long> byPath = new TreeMap<>();
      for (JsonNode each :
          prometheus("sum by (endpoint) (load_test_requests_total{run_id=\"e2e\"})", end)) {
        byPath.put(each.at("/metric/endpoint").asText(), each.at("/value/1").asLong());
      }
      Map<String, Long> paths = new TreeMap<>(expected.requests);
      paths.remove(WHOLE_RUN);
      assertThat(byPath).as("requests in Prometheus").isEqualTo(paths);
      assertThat(
              prometheus("sum(load_test_errors_total{run_id=\"e2e\"})", end)
                  .at("/0/value/1")
                  .asLong())
          .as("errors in Prometheus")
          .isEqualTo(expected.errors);
      Distribution times = Objects.requireNonNull(total.getResponseTime());
      for (double percent : PERCENTS) {
        double exact = micros(times, percent) / 1e6;
        String quantile =
            "histogram_quantile(%s, sum(load_test_response_time_seconds{run_id=\"e2e\"}))"
                .formatted(percent / 100);
        assertThat(prometheus(quantile, end).at("/0/value/1").asDouble())
            .as("p%s in Prometheus", percent)
            .isCloseTo(exact, within(exact * 0.005));
      }
    }

    private JsonNode prometheus(String query, double atSeconds) {
      return read(prometheus.query(query, atSeconds)).at("/data/result");
    }

    private static JsonNode read(String json) {
      try {
        return JSON.readTree(json);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(json, e);
      }
    }
  }
}
