package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.embedded.NeedsServer;
import io.tailrace.embedded.TestServer;
import io.tailrace.record.Series;
import io.tailrace.sink.core.Recalling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Prometheus, promtool and the Pushgateway themselves. */
@NeedsServer({TestServer.PROMETHEUS, TestServer.PROMTOOL, TestServer.PUSHGATEWAY})
class PrometheusSinkIT {
  private static final long SECOND = 1_000_000;
  private static final int SECONDS = 60;
  private static final Series WHOLE = new Series("*", "", "", Map.of());
  private static final Series CART = new Series("GET /cart", "GET", "", Map.of());
  private static final String HOSTILE = "\"}}\n\\ \uD83D\uDE00 é";
  private static final Series ODD = new Series(HOSTILE, "", "g", Map.of("a-b", "x".repeat(9_000)));

  private final Random random = new Random(3);
  private final RecordedWindow cart = new RecordedWindow();
  private final RecordedWindow odd = new RecordedWindow();
  private final RecordedWindow whole = new RecordedWindow();
  private final long start =
      TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) * SECOND - 2 * SECONDS * SECOND;
  private final double end = start / 1e6 + SECONDS;

  @TempDir Path folder;

  @Test
  void queriesReturnTheExactCountsAndPercentilesWithinABucket() throws Exception {
    try (LocalServer prometheus = LocalServer.prometheus(folder, "");
        SinkLog log = record("r1", start)) {
      Recalling sink = log.sink("endpoint: " + prometheus.url());
      sink.check();
      while (!log.isDone()) {
        log.deliver(sink, 40);
        log.settle(sink, 40);
      }
      assertContents(prometheus);
      assertThat(log.counter("tailrace_sink_prometheus_already_there_total")).isZero();
      assertThat(prometheus.query("count({run_id=\"r1\"})", end + 1, "")).isEmpty();
    }
  }

  @Test
  void crashesAndAnOutageChangeNothing() throws Exception {
    try (LocalServer prometheus = LocalServer.prometheus(folder, "");
        SinkLog log = record("r1", start)) {
      String block = "scrape: false\nendpoint: " + prometheus.url();
      Recalling sink = log.sink(block);
      int step = 0;
      while (!log.isDone()) {
        int count = 1 + random.nextInt(30);
        log.deliver(sink, count);
        if (step == 3) {
          prometheus.kill();
          Recalling waiting = sink;
          assertThatThrownBy(
                  () -> {
                    log.settle(waiting, count);
                    log.deliver(waiting, 10);
                  })
              .isInstanceOf(IOException.class);
          prometheus.start();
        } else if (random.nextInt(3) == 0) {
          // Killed after the delivery and before the commit.
          sink.close();
          sink = log.sink(block);
        } else {
          log.settle(sink, count);
        }
        step++;
      }
      assertContents(prometheus);
      assertThat(log.counter("tailrace_sink_prometheus_already_there_total")).isPositive();
    }
  }

  @Test
  void classicHistogramsAreAsExact() throws Exception {
    try (LocalServer prometheus = LocalServer.prometheus(folder, "");
        SinkLog log = record("r1", start)) {
      Recalling sink =
          log.sink("histograms: classic\nbuckets: [10ms, 1s]\nendpoint: " + prometheus.url());
      deliverAll(log, sink);
      Map<String, Double> buckets =
          prometheus.query(
              "load_test_response_time_seconds_bucket{endpoint=\"GET /cart\"}", end, "le");
      assertThat(buckets.get("+Inf")).isEqualTo(cart.all().size());
      double below = cart.all().stream().filter(micros -> micros <= 10_000).count();
      assertThat(buckets.get("0.01")).isCloseTo(below, within(below * 0.01 + 2));
    }
  }

  @Test
  void whatIsTooOldForPrometheusIsCountedAndNotTriedForEver() throws Exception {
    for (String settings : List.of("", "storage: {tsdb: {out_of_order_time_window: 30m}}\n")) {
      try (LocalServer prometheus = LocalServer.prometheus(folder, settings);
          SinkLog now = record("now", start);
          SinkLog old = record("old", start - 24 * 3_600 * SECOND)) {
        deliverAll(now, now.sink("endpoint: " + prometheus.url()));
        deliverAll(old, old.sink("endpoint: " + prometheus.url()));
        assertThat(old.counter("tailrace_sink_prometheus_too_old_total")).isGreaterThan(60);
        assertThat(prometheus.query("count({run_id=\"now\"})", end, "")).isNotEmpty();
      }
    }
  }

  @Test
  void aWrongServerIsAMatterOfConfiguration() throws Exception {
    try (LocalServer gateway = LocalServer.pushgateway(folder);
        SinkLog log = record("r1", start)) {
      Recalling sink = log.sink("endpoint: " + gateway.url());
      assertThatThrownBy(sink::check).hasMessageContaining("remote write");
      assertThatThrownBy(() -> log.deliver(sink, 40))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("web.enable-remote-write-receiver");
    }
  }

  @Test
  void pushesRunsAsGroupsAndDeletesThemAfterwards() throws Exception {
    try (LocalServer gateway = LocalServer.pushgateway(folder);
        LocalServer prometheus =
            LocalServer.prometheus(
                folder,
                """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: pushgateway
                    honor_labels: true
                    static_configs: [{targets: ['%s']}]
                """
                    .formatted(gateway.url().substring(7)));
        SinkLog log = record("r/1", start)) {
      Recalling sink =
          log.sink(
              "pushgateway: %s\npush_interval: 200ms\njob_name: a/b\ninstance: me\nkeep_after: 8s\n"
                  .formatted(gateway.url()));
      sink.check();
      deliverAll(log, sink);

      String pushed = gateway.get("/metrics");
      assertThat(pushed)
          .contains("job=\"a/b\"", "instance=\"me\"", "run_id=\"r/1\"")
          .doesNotContain("load_test_throughput_rps{");
      await("scraped")
          .atMost(Duration.ofSeconds(15))
          .until(() -> counted(prometheus, "a/b").equals((double) cart.all().size()));
      await("deleted")
          .atMost(Duration.ofSeconds(15))
          .until(() -> !gateway.get("/metrics").contains("run_id=\"r/1\""));
      assertThat(sink.neededFrom("windows", 0, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
      sink.close();
    }
  }

  @Test
  void thePageIsRightForPromtoolAndGrowsThroughARestart() throws Exception {
    try (SinkLog log = record("r1", start);
        ScrapedPage page = new ScrapedPage(log.pages(), new CollectorRegistry())) {
      Recalling sink = log.sink("scrape_path: /loads");
      log.deliver(sink, 100);
      log.settle(sink, 100);
      String before = page.get("/loads");
      sink.close();
      assertThat(log.sink("scrape_path: /loads").neededFrom("windows", 0, 100)).isZero();
      assertThat(page.get("/loads")).isEqualTo(before);
      assertThat(LocalServer.faults(before))
          .allMatch(fault -> fault.contains("use base unit") || fault.contains("_mb"));
      assertThat(before).contains("load_test_requests_total{endpoint=\"GET /cart\"");
    }
  }

  private static Double counted(LocalServer prometheus, String job) throws Exception {
    return prometheus
        .query(
            "sum(load_test_requests_total{endpoint=\"GET /cart\",job=\"%s\"})".formatted(job),
            System.currentTimeMillis() / 1e3,
            "")
        .getOrDefault("", 0.0);
  }

  private static void deliverAll(SinkLog log, Recalling sink) throws Exception {
    while (!log.isDone()) {
      log.deliver(sink, 64);
      log.settle(sink, 64);
    }
  }

  /** A run of a minute with corrections and supplements, and its totals. */
  private SinkLog record(String run, long runStart) {
    SinkLog log = new SinkLog();
    cart.clear();
    odd.clear();
    whole.clear();
    for (int second = 0; second < SECONDS; second++) {
      long at = runStart + second * SECOND;
      RecordedWindow both = new RecordedWindow();
      RecordedWindow window = requests();
      log.add(window.window(run, CART, at, 0));
      both.addAll(window);
      if (second > 0 && second < SECONDS - 1 && second % 7 == 0) {
        RecordedWindow more = requests();
        log.add(new RecordedWindow().addAll(window).addAll(more).window(run, CART, at, 1));
        log.add(more.supplement(run, CART, at - 300 * SECOND, second));
        cart.addAll(more).addAll(more);
        whole.addAll(more).addAll(more);
        log.add(more.supplement(run, WHOLE, at - 300 * SECOND, second));
        both.addAll(more);
      }
      cart.addAll(window);
      RecordedWindow hostile = requests();
      log.add(hostile.window(run, ODD, at, 0));
      odd.addAll(hostile);
      both.addAll(hostile);
      log.add(both.window(run, WHOLE, at, 0));
      whole.addAll(window).addAll(hostile);
    }
    log.add(whole.total(run, WHOLE, runStart, SECONDS * SECOND));
    log.add(cart.total(run, CART, runStart, SECONDS * SECOND));
    log.add(odd.total(run, ODD, runStart, SECONDS * SECOND));
    return log;
  }

  private RecordedWindow requests() {
    RecordedWindow requests = new RecordedWindow();
    for (int i = 1 + random.nextInt(50); i > 0; i--) {
      int status = random.nextInt(20) == 0 ? 500 : random.nextInt(10) == 0 ? 304 : 200;
      requests.add(status, 1_000 + (long) Math.exp(random.nextDouble() * 14));
    }
    return requests;
  }

  private void assertContents(LocalServer prometheus) throws Exception {
    Map<String, Double> byStatus =
        prometheus.query("load_test_requests_total{endpoint=\"GET /cart\"}", end, "status");
    assertThat(byStatus).hasSize(cart.byStatus().size());
    cart.byStatus()
        .forEach(
            (status, values) ->
                assertThat(byStatus).containsEntry(String.valueOf(status), (double) values.size()));
    assertThat(prometheus.query("sum(load_test_requests_total)", end, ""))
        .containsEntry("", (double) cart.all().size() + odd.all().size());
    assertThat(prometheus.query("sum(load_test_errors_total)", end, ""))
        .containsEntry("", (double) whole.errors());
    assertThat(
            prometheus.query("histogram_count(load_test_response_time_seconds)", end, "endpoint"))
        .containsEntry("GET /cart", (double) cart.all().size())
        .containsEntry(HOSTILE, (double) odd.all().size());
    for (double quantile : new double[] {0.5, 0.9, 0.99}) {
      double exact = cart.all().get((int) Math.ceil(quantile * cart.all().size()) - 1) / 1e6;
      double told =
          prometheus
              .query(
                  "histogram_quantile(%s, load_test_response_time_seconds{endpoint=\"GET /cart\"})"
                      .formatted(quantile),
                  end,
                  "")
              .values()
              .iterator()
              .next();
      assertThat(told).isCloseTo(exact, within(exact * 0.024));
    }
    assertThat(prometheus.query("sum(increase(load_test_requests_total[5m]))", end + 1, ""))
        .hasEntrySatisfying(
            "",
            value ->
                assertThat(value)
                    .isCloseTo(
                        cart.all().size() + odd.all().size(),
                        within(0.02 * (cart.all().size() + odd.all().size()))));
  }
}
