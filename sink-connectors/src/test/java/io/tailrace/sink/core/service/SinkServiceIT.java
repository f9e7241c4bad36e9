package io.tailrace.sink.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.embedded.TestKafka;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.contract.StubTarget;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Fault;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.Once;
import io.tailrace.sink.core.provider.OnceNote;
import io.tailrace.sink.core.provider.SinkMetrics;
import io.tailrace.sink.core.runner.SinkStatus;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several sinks in one process, as the configuration has them. {@code -Dtailrace.proof=long} lets
 * one hang for a minute, and measures the others' delays more closely.
 */
@Timeout(300)
class SinkServiceIT {
  private static final int RUNS = 8;
  private static final boolean LONG = "long".equals(System.getProperty("tailrace.proof"));
  private static final int WINDOWS = LONG ? 600 : 60;
  private static final int PAUSE_MILLIS = LONG ? 100 : 0;

  /** A tenth, and what a busy machine's scheduler needs when little is measured. */
  private static final double MOST_ADDED_MILLIS = LONG ? 2 : 100;

  private static final Logger log = LoggerFactory.getLogger(SinkServiceIT.class);

  private final TestKafka kafka = TestKafka.shared();
  private final String prefix = kafka.uniqueName("service") + ".";
  private final Topics topics = Topics.withPrefix(prefix);
  private final Map<String, Long> goodAt = new ConcurrentHashMap<>();
  private final Map<String, Long> badAt = new ConcurrentHashMap<>();
  private final Map<String, String> more = new HashMap<>();
  private final StubTarget good = StubTarget.start(request -> store(request, goodAt));
  private final StubTarget bad = StubTarget.start(request -> store(request, badAt));

  @BeforeEach
  void createTopics() {
    try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      new TopicCatalogue(topics, 4).create(admin, (short) 1);
    }
  }

  @AfterEach
  void close() {
    good.close();
    bad.close();
  }

  @Test
  void oneThatHangsDelaysNoOther() {
    double[] alone;
    try (SinkService service = service("good-alone", "")) {
      alone = delaysMillis("alone");
      assertThat(status(service, "good-alone").state()).isEqualTo(SinkStatus.State.RUNNING);
    }
    bad.failAlways(Fault.HANG);
    String patience = LONG ? "60s" : "1s";
    try (SinkService service =
        service(
            "good",
            output(
                "bad",
                bad,
                "timeout: " + patience + "\n    retry: {delay: 50ms, max_delay: 1s}"))) {
      double[] beside = delaysMillis("beside");
      await().atMost(Duration.ofSeconds(60)).until(() -> status(service, "bad").retried() > 0);
      SinkStatus hanging = status(service, "bad");
      assertThat(hanging.state()).isEqualTo(SinkStatus.State.RETRYING);
      assertThat(hanging.lag()).isGreaterThanOrEqualTo((long) RUNS * WINDOWS);
      log.info(
          "delays alone: median {} ms, 99 % {} ms; beside one that hangs: {} ms, {} ms",
          share(alone, 0.5), share(alone, 0.99), share(beside, 0.5), share(beside, 0.99));
      assertThat(share(beside, 0.5)).isLessThan(share(alone, 0.5) * 1.1 + MOST_ADDED_MILLIS);
      assertThat(page(service, "/health/ready"))
          .startsWith("503 ")
          .contains("bad: retrying, ")
          .contains("no answer from http://127.0.0.1:")
          .doesNotContain("good:")
          .doesNotContain("s3cret");
      assertThat(page(service, "/health/live")).startsWith("200 ");

      bad.heal();
      // An attempt that began to hang just before still has its whole timeout before it.
      await()
          .atMost(Duration.ofSeconds(LONG ? 150 : 40))
          .until(() -> badAt.size() >= 2 * RUNS * WINDOWS);
      await().until(() -> page(service, "/health/ready").startsWith("200 "));
      assertThat(page(service, "/metrics"))
          .contains("tailrace_sink_delivered_total{sink=\"bad\",} " + 2.0 * RUNS * WINDOWS)
          .contains("tailrace_sink_rejected_total{sink=\"bad\",} 0.0")
          .contains("tailrace_sink_lag_records{sink=\"bad\",} 0.0")
          .contains("tailrace_sink_breaker_open{sink=\"bad\",} 0.0")
          .contains("tailrace_sink_attempt_seconds_bucket{sink=\"good\",")
          .doesNotContain("s3cret");
    }
  }

  @Test
  void theBreakerLeavesATargetAloneAndDiscardsNothing() {
    bad.failAlways(Fault.UNAVAILABLE);
    publish("breaker");
    try (SinkService service =
        service(
            "unused",
            output("bad", bad, "max_attempts: 3\n    retry: {delay: 10ms, max_delay: 2s}"))) {
      await().until(() -> status(service, "bad").breakerOpen());
      int requests = bad.requests().size();
      await().during(Duration.ofSeconds(1)).until(() -> bad.requests().size() <= requests + 1);
      assertThat(page(service, "/metrics"))
          .contains("tailrace_sink_breaker_open{sink=\"bad\",} 1.0");
      bad.heal();
      await().atMost(Duration.ofSeconds(30)).until(() -> badAt.size() == RUNS * WINDOWS);
      assertThat(status(service, "bad").deadLettered()).isZero();
    }
  }

  @Test
  void theFilterChoosesAndTheRateLimits() {
    publish("chosen");
    publish("other");
    try (SinkService service =
        service(
            "unused",
            output(
                "bad",
                bad,
                "rate_limit: 5\n    batch_size: 60\n    filter: {runs: [\"chosen-*\"]}"))) {
      long begin = System.nanoTime();
      await().atMost(Duration.ofSeconds(30)).until(() -> badAt.size() == RUNS * WINDOWS);
      await().until(() -> status(service, "bad").lag() == 0);
      double seconds = (System.nanoTime() - begin) / 1e9;
      assertThat(badAt.keySet()).allMatch(line -> line.startsWith("chosen-"));
      assertThat(bad.requests().size()).isLessThanOrEqualTo((int) (seconds * 5) + 3);
    }
  }

  @Test
  void theBudgetOfSeriesIsTheSameInEveryLife() {
    for (int life = 0; life < 2; life++) {
      List<Aggregate> windows = new ArrayList<>();
      for (int series = 0; series < 5; series++) {
        windows.add(TestAggregates.window("r", "s" + series, 10 * life + series, 1));
      }
      windows.add(TestAggregates.window("r", "*", 10 * life + 5, 1));
      if (life > 0) {
        Collections.reverse(windows);
      }
      send(windows);
      try (SinkService service = service("unused", output("bad", bad, "max_series: 2"))) {
        await()
            .until(() -> page(service, "/metrics").contains("_left_out_total{sink=\"bad\",} 3.0"));
        await().until(() -> status(service, "bad").delivered() == 3);
        assertThat(status(service, "bad").deadLettered()).isZero();
      }
    }
    assertThat(badAt).containsOnlyKeys("r 0", "r 1", "r 5", "r 10", "r 11", "r 15");
  }

  @Test
  void oneThatIsBrokenIsNoReasonToRestartTheOthers() throws Exception {
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    for (int i = 0; i < 4; i++) {
      ends.put(new TopicPartition(topics.windows(), i), new OffsetAndMetadata(0));
    }
    try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      admin.alterConsumerGroupOffsets(prefix + "good-good", ends).all().get();
    }
    // Where nothing is committed, this breaks a consumer.
    more.put("auto.offset.reset", "none");
    try (SinkService service = service("good", output("bad", bad, ""))) {
      await().until(() -> status(service, "bad").state() == SinkStatus.State.FAILED);
      await().until(() -> status(service, "good").state() == SinkStatus.State.RUNNING);
      assertThat(page(service, "/health/live")).startsWith("200 ");
      assertThat(page(service, "/health/ready"))
          .startsWith("503 ")
          .contains("bad: failed, ")
          .doesNotContain("good");
      assertThat(page(service, "/metrics")).contains("tailrace_sink_running{sink=\"bad\",} 0.0");
    }
    try (SinkService service = service("alone", "")) {
      await().until(() -> status(service, "alone").state() == SinkStatus.State.FAILED);
      assertThat(page(service, "/health/live")).startsWith("503 ").contains("alone: ");
    }
  }

  /** Lives of a sink that end at every moment: another one takes up what is in the topic. */
  @Test
  void whatIsDoneOnceIsKnownToTheNextLife() throws Exception {
    List<String> issues = new ArrayList<>();
    Once.Act act =
        new Once.Act() {
          @Override
          public String act() throws IOException {
            issues.add("T-" + (issues.size() + 1));
            if (issues.size() == 1) {
              throw new IOException("killed before the answer");
            }
            return issues.get(issues.size() - 1);
          }

          @Override
          public Once.Found lookUp() {
            return new Once.Found.Done(issues.get(0));
          }
        };
    SinkMetrics metrics = SinkMetrics.of("t", new CollectorRegistry());
    try (KafkaOnceJournal first = journal("tickets")) {
      try {
        String unused = new JournaledOnce(first, metrics).perform("run-1/p95", act);
      } catch (IOException e) {
        // The first life ends here.
      }
      try (KafkaOnceJournal second = journal("tickets");
          KafkaOnceJournal another = journal("chat")) {
        assertThat(new JournaledOnce(second, metrics).perform("run-1/p95", act)).isEqualTo("T-1");
        // The first instance was only away: it learns of what the second did.
        assertThat(first.read("run-1/p95")).contains(new OnceNote(true, "T-1"));
        assertThat(another.read("run-1/p95")).isEmpty();
      }
    }
    assertThat(issues).hasSize(1);
  }

  private static SinkStatus status(SinkService service, String sink) {
    return Objects.requireNonNull(service.statuses().get(sink));
  }

  private KafkaOnceJournal journal(String sink) {
    return new KafkaOnceJournal(sink, topics.sinkState(), kafka.clientProperties());
  }

  private Answer store(StubTarget.Request request, Map<String, Long> arrivals) {
    request.text().lines().forEach(line -> arrivals.putIfAbsent(line, System.nanoTime()));
    return Answer.of(204, "");
  }

  private String output(String name, StubTarget target, String more) {
    return """
             %s:
               type: echo
               url: %s
               user: me
               password: "{{env.PASSWORD}}"
               team: "{{env.PASSWORD}}"
               %s
           """
        .formatted(name, target.url(), more);
  }

  private SinkService service(String name, String other) {
    String yaml =
        "topics: {prefix: "
            + prefix
            + "}\noutputs:\n"
            + output(name, good, "flush_interval: 10ms").indent(0)
            + other;
    Settings root =
        Settings.of(
                SettingsSource.ofYaml(yaml).withEnvironment(Map.of("PASSWORD", "s3cret-" + name)))
            .declare("kafka", "outputs", "service", "topics", "integrations");
    return SinkService.start(Outputs.open(root, Outputs.ALL, given -> connection(name)));
  }

  private KafkaConnection connection(String name) {
    Map<String, String> properties = new HashMap<>();
    kafka.clientProperties().forEach((key, value) -> properties.put(key, String.valueOf(value)));
    // Groups are named after sinks: those of another test are others.
    properties.put("group.id", prefix + name);
    properties.putAll(more);
    return KafkaConnection.of(properties);
  }

  /** From sending a window to its arrival, in order. */
  private double[] delaysMillis(String run) {
    Map<String, Long> sent = publish(run);
    await().atMost(Duration.ofSeconds(30)).until(() -> goodAt.keySet().containsAll(sent.keySet()));
    return sent.entrySet().stream()
        .mapToDouble(each -> (goodAt.getOrDefault(each.getKey(), 0L) - each.getValue()) / 1e6)
        .sorted()
        .toArray();
  }

  private static double share(double[] sorted, double share) {
    return sorted[(int) (sorted.length * share)];
  }

  private Map<String, Long> publish(String run) {
    Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
    properties.put("max.in.flight.requests.per.connection", 1);
    AvroSerializer<Aggregate> values = new AvroSerializer<>();
    values.configure(kafka.clientProperties(), false);
    Map<String, Long> sent = new HashMap<>();
    try (KafkaProducer<String, Aggregate> producer =
        new KafkaProducer<>(properties, new StringSerializer(), values)) {
      for (int window = 0; window < WINDOWS; window++) {
        for (int r = 0; r < RUNS; r++) {
          String id = run + "-" + r;
          sent.put(id + " " + window, System.nanoTime());
          Future<RecordMetadata> unused =
              producer.send(
                  new ProducerRecord<>(
                      topics.windows(), id, TestAggregates.window(id, "*", window, 1)));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
      }
    }
    return sent;
  }

  private void send(List<Aggregate> windows) {
    AvroSerializer<Aggregate> values = new AvroSerializer<>();
    values.configure(kafka.clientProperties(), false);
    try (KafkaProducer<String, Aggregate> producer =
        new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), values)) {
      for (Aggregate each : windows) {
        Future<RecordMetadata> unused =
            producer.send(new ProducerRecord<>(topics.windows(), each.getRun(), each));
      }
    }
  }

  private static String page(SinkService service, String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(service.endpoint().url() + path).toURL().openConnection();
      int status = connection.getResponseCode();
      try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return status + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
