package io.tailrace.sink.influxdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.embedded.InfluxProcess;
import io.tailrace.embedded.NeedsServer;
import io.tailrace.embedded.TestServer;
import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.ViolationState;
import io.tailrace.service.Pages;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.TestRuns;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.Origin;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against InfluxDB 1.6 itself, with users and passwords. */
@NeedsServer(TestServer.INFLUXDB)
class InfluxSinkIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String USER = "me";
  private static final String PASSWORD = "it's \"secret\"";

  /** Within the retention of thirty days. */
  private static final long START =
      TimeUnit.SECONDS.toMicros(TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) - 3600);

  private final Http http = Http.open(HttpConfig.DEFAULT, NetworkRules.DEFAULT);
  @TempDir Path folder;
  private InfluxProcess influx;

  @BeforeEach
  void start() {
    influx = InfluxProcess.start(folder, USER, PASSWORD);
  }

  @AfterEach
  void stop() {
    http.close();
    influx.close();
  }

  @Test
  void createsTheDatabaseWithItsRetention() throws Exception {
    Sink sink = sink("retention_policy: 30d\n");
    sink.check();
    assertThat(influx.query("SHOW DATABASES")).doesNotContain("\"load\"");

    assertThat(deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());
    assertThat(influx.query("SHOW RETENTION POLICIES ON \"load\""))
        .contains("[\"30d\",\"720h0m0s\",\"24h0m0s\",1,true]")
        .doesNotContain("autogen");
    assertThat(requests()).containsExactly(Map.entry("r1|*|" + START + "|", 5L));
  }

  @Test
  void addsTheRetentionToADatabaseThatIsThere() throws Exception {
    influx.query("CREATE DATABASE \"load\"");

    assertThat(deliver(sink("retention_policy: 30d\n"), window(0, 5)))
        .isEqualTo(Delivery.accepted());
    assertThat(influx.query("SHOW RETENTION POLICIES ON \"load\""))
        .contains("\"autogen\"", "[\"30d\",\"720h0m0s\",\"24h0m0s\",1,false]");
    assertThat(influx.query("load", "SELECT requests FROM load.\"30d\".m"))
        .contains("[%d,5]".formatted(START));
  }

  @Test
  void aPolicyThatIsNoDurationMustExist() throws Exception {
    Sink sink = sink("retention_policy: forever\n");
    assertThat(deliver(sink, window(0, 5))).isInstanceOf(Delivery.Retry.class);
    assertThat(deliver(sink, window(0, 5)))
        .isInstanceOfSatisfying(
            Delivery.Misconfigured.class, it -> assertThat(it.reason()).contains("forever", "30d"));

    influx.query("CREATE RETENTION POLICY forever ON \"load\" DURATION INF REPLICATION 1");
    assertThat(deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());
  }

  @Test
  void createsAgainWhatWasDropped() throws Exception {
    Sink sink = sink("retention_policy: 30d\n");
    assertThat(deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());
    influx.query("DROP RETENTION POLICY \"30d\" ON \"load\"");
    assertThat(deliver(sink, window(0, 5))).isInstanceOf(Delivery.Retry.class);
    assertThat(deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());
    influx.query("DROP DATABASE \"load\"");
    assertThat(deliver(sink, window(0, 5))).isInstanceOf(Delivery.Retry.class);
    assertThat(deliver(sink, window(0, 6))).isEqualTo(Delivery.accepted());
    assertThat(requests()).containsExactly(Map.entry("r1|*|" + START + "|", 6L));
  }

  @Test
  void aWrongPasswordIsAMatterOfConfiguration() throws Exception {
    Sink sink = sink("", Map.of("PASSWORD", "wrong"));
    assertThat(deliver(sink, window(0, 5))).isInstanceOf(Delivery.Misconfigured.class);
    assertThatThrownBy(sink::check).hasMessageContaining("401");
  }

  @Test
  void aUserWhoMayOnlyWriteWrites() throws Exception {
    influx.query("CREATE DATABASE \"load\"");
    influx.query("CREATE USER writer WITH PASSWORD 'w'");
    Sink sink = sink("", Map.of("USER", "writer", "PASSWORD", "w"));
    assertThatThrownBy(sink::check).hasMessageContaining("403");
    assertThat(deliver(sink, window(0, 5))).isInstanceOf(Delivery.Misconfigured.class);

    influx.query("GRANT WRITE ON \"load\" TO writer");
    sink.check();
    assertThat(deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());
    assertThat(requests()).hasSize(1);
  }

  @Test
  void tellsWhichPointsAreRefused() throws Exception {
    Sink sink = sink("retention_policy: 30d\n");
    long tooOld = TimeUnit.DAYS.toMicros(40);
    assertThat(deliver(sink, window(0, 5), window(-tooOld, 5)))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class,
            it -> assertThat(it.reason()).contains("beyond retention policy"));
    assertThat(deliver(sink, window(-tooOld, 5), window(-tooOld - 1, 5)))
        .isEqualTo(
            new Delivery.PartlyRejected(
                List.of(
                    new Delivery.Rejection(0, "points beyond retention policy"),
                    new Delivery.Rejection(1, "points beyond retention policy"))));
    assertThat(requests()).hasSize(1);
  }

  @Test
  void aFieldOfAnotherTypeIsRefusedForItsPointsAlone() throws Exception {
    influx.query("CREATE DATABASE \"load\"");
    Sink sink = sink("");
    assertThat(deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());
    Aggregate bad = window(1_000_000, 6);
    bad.setErrorKinds(Map.of("timeout", 1L));
    influx.query("load", "DROP MEASUREMENT m");
    // Somebody else's points: the same field as a float.
    new InfluxLines(http, influx.url(), USER, PASSWORD).write("m errors_timeout=1.5 " + START);
    assertThat(deliver(sink, window(0, 5), bad))
        .isInstanceOfSatisfying(
            Delivery.Rejected.class, it -> assertThat(it.reason()).contains("field type conflict"));
    assertThat(deliver(sink, bad)).isInstanceOf(Delivery.PartlyRejected.class);
    assertThat(deliver(sink, window(0, 5))).isEqualTo(Delivery.accepted());
  }

  @Test
  void writesViolationsEventsAndSummariesBesideTheWindows() throws Exception {
    Sink sink = sink("");
    List<Item> items = new ArrayList<>();
    items.add(item(Feed.VIOLATIONS, TestRuns.violation("r1", ViolationState.OPENED, 0)));
    items.add(item(Feed.VIOLATIONS, TestRuns.violation("r1", ViolationState.RESOLVED, 1)));
    items.add(item(Feed.RUN_EVENTS, TestRuns.event("r1", RunEventKind.STARTED)));
    items.add(item(Feed.RUN_EVENTS, TestRuns.event("r1", RunEventKind.ENDED)));
    items.add(item(Feed.SUMMARIES, TestRuns.failed("r1")));
    for (int i = 0; i < 2; i++) {
      assertThat(sink.deliver(items)).isEqualTo(Delivery.accepted());
    }

    assertThat(rows("SELECT state FROM m_violations"))
        .containsExactlyInAnyOrder("OPENED", "RESOLVED");
    assertThat(rows("SELECT message FROM m_events")).hasSize(2);
    assertThat(rows("SELECT verdict FROM m_summaries")).containsExactly("FAILED");
  }

  private List<String> rows(String query) throws Exception {
    List<String> rows = new ArrayList<>();
    for (JsonNode row :
        JSON.readTree(influx.query("load", query)).at("/results/0/series/0/values")) {
      rows.add(row.path(1).asText());
    }
    return rows;
  }

  private Map<String, Long> requests() throws Exception {
    return InfluxContents.requests(influx, "m");
  }

  private static Aggregate window(long micros, long requests) {
    return TestAggregates.window("r1", "*", START + micros, requests);
  }

  private static Delivery deliver(Sink sink, Aggregate... windows) throws Exception {
    List<Item> items = new ArrayList<>();
    for (Aggregate each : windows) {
      items.add(item(Feed.AGGREGATES, each));
    }
    return sink.deliver(items);
  }

  private static Item item(Feed feed, SpecificRecord value) {
    return new Item(feed, new Origin(feed.name(), 0, 0), value);
  }

  private Sink sink(String more) {
    return sink(more, Map.of());
  }

  private Sink sink(String more, Map<String, String> variables) {
    Map<String, String> environment = new TreeMap<>(Map.of("USER", USER, "PASSWORD", PASSWORD));
    environment.putAll(variables);
    SinkMetrics metrics = SinkMetrics.of("influxdb", new CollectorRegistry());
    SinkContext context =
        new SinkContext(
            "influxdb",
            http,
            MetricShape.ALL,
            metrics,
            new Pages(),
            new JournaledOnce(OnceJournal.inMemory(), metrics),
            Clock.systemUTC());
    String yaml =
        """
        url: %s
        database: load
        username: "{{env.USER}}"
        password: "{{env.PASSWORD}}"
        measurement: m
        tags:
          environment: "{{environment}}"
        """
            .formatted(influx.url());
    InfluxSinkProvider provider = new InfluxSinkProvider();
    return Settings.of(SettingsSource.ofYaml(yaml + more).withEnvironment(environment))
        .read(block -> provider.options().read(block, its -> provider.create(its, context)));
  }
}
