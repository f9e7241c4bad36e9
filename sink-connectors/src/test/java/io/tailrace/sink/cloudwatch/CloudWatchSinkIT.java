package io.tailrace.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.record.Aggregate;
import io.tailrace.service.Pages;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.cloudwatch.StubCloudWatch.Point;
import io.tailrace.sink.cloudwatch.StubCloudWatch.Put;
import io.tailrace.sink.contract.StubProxy;
import io.tailrace.sink.contract.StubTarget;
import io.tailrace.sink.contract.StubTarget.Fault;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.Origin;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.HttpProxy;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.OnceNote;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What only CloudWatch demands, against a stub that checks every signature and every limit. */
@Timeout(60)
class CloudWatchSinkIT {
  private static final Logger log = LoggerFactory.getLogger(CloudWatchSinkIT.class);
  private static final HttpConfig PATIENT = HttpConfig.DEFAULT.withTimeout(Duration.ofSeconds(4));
  private static final String REQUESTS =
      """
      metrics:
        - name: Requests
          dimensions: {TestName: "{{test_name}}", Series: "{{series}}"}
      """;

  private final Instant start =
      Clock.systemUTC().instant().minusSeconds(600).truncatedTo(ChronoUnit.MINUTES);
  private final StubCloudWatch cloudWatch = new StubCloudWatch();
  private final StubTarget target = StubTarget.start(cloudWatch::answer);
  private final CollectorRegistry registry = new CollectorRegistry();
  private final SinkMetrics metrics = SinkMetrics.of("cloudwatch", registry);
  private final List<AutoCloseable> closing = new ArrayList<>(List.of(target));
  private OnceJournal journal = OnceJournal.inMemory();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : closing) {
      each.close();
    }
    assertThat(target.strangers()).isEmpty();
  }

  @Test
  void aClockThatIsTwentyMinutesOffIsCorrectedByTheServicesOwn() throws Exception {
    Sink sink = sink(REQUESTS);
    // Back to none at the end: Amazon's client keeps the difference for the whole process.
    int[] differences = {20, -20, 0};
    for (int i = 0; i < differences.length; i++) {
      cloudWatch.skew(Duration.ofMinutes(differences[i]));
      List<Item> batch = windows(3 * i, 3 * i + 3);
      assertThat(sink.deliver(batch)).isInstanceOf(Delivery.Retry.class);
      assertThat(sink.deliver(batch)).isEqualTo(Delivery.accepted());
    }
    assertThat(total("Requests")).isEqualTo(9 * 10 / 2);
    assertThat(ambiguous()).isZero();
  }

  @Test
  void anExpiredKeyStandsStillUntilThereIsAnother() throws Exception {
    cloudWatch.expire(StubCloudWatch.KEY_ID);
    Sink sink = sink(REQUESTS);
    assertThat(sink.deliver(windows(0, 3)))
        .isInstanceOfSatisfying(
            Delivery.Misconfigured.class,
            stuck -> assertThat(stuck.reason()).contains("ExpiredToken"));
    assertThatThrownBy(sink::check).hasMessageContaining("ExpiredToken");
    cloudWatch.expire(null);
    assertThat(sink.deliver(windows(0, 3))).isEqualTo(Delivery.accepted());
    sink.check();
    assertThat(total("Requests")).isEqualTo(1 + 2 + 3);
  }

  @Test
  void aWrongKeyIsNamedAndItsSecretsAreNot() throws Exception {
    Sink sink = sink(REQUESTS, "a-wrong-secret", Optional.of("the-session-token"));
    assertThat(sink.deliver(windows(0, 3)))
        .isInstanceOfSatisfying(
            Delivery.Misconfigured.class,
            stuck ->
                assertThat(stuck.reason())
                    .contains("SignatureDoesNotMatch")
                    .doesNotContain("the-session-token", "a-wrong-secret"));
  }

  @Test
  void whatIsThrottledByItsCodeComesAgain() throws Exception {
    Sink sink = sink(REQUESTS);
    for (String code : new String[] {"Throttling", "ThrottlingException", "RequestLimitExceeded"}) {
      cloudWatch.refuseNext(400, code);
      assertThat(sink.deliver(windows(0, 3))).isInstanceOf(Delivery.Retry.class);
    }
    cloudWatch.refuseNext(500, "InternalServiceFault");
    assertThat(sink.deliver(windows(0, 3))).isInstanceOf(Delivery.Retry.class);
    assertThat(sink.deliver(windows(0, 3))).isEqualTo(Delivery.accepted());
    assertThat(total("Requests")).isEqualTo(1 + 2 + 3);
    assertThat(ambiguous()).isZero();
  }

  @Test
  void aLostAnswerIsCountedAndItsRequestNeverMadeAgain() throws Exception {
    Sink sink = sink(REQUESTS);
    target.failNext(Fault.ANSWER_LOST);
    assertThat(sink.deliver(windows(0, 3))).isEqualTo(Delivery.accepted());
    assertThat(sink.deliver(windows(0, 3))).isEqualTo(Delivery.accepted());
    assertThat(target.requests()).hasSize(1);
    assertThat(ambiguous()).isEqualTo(1);
    assertThat(counter("tailrace_cloudwatch_windows_in_doubt_total")).isEqualTo(3);
    assertThat(total("Requests")).isEqualTo(1 + 2 + 3);
  }

  @Test
  void whatWasUnderWayWhenTheSinkDiedStaysInDoubt() throws Exception {
    OnceJournal lasting = OnceJournal.inMemory();
    journal = failingAfter(1, lasting);
    assertThatThrownBy(() -> sink(REQUESTS).deliver(windows(0, 3))).isInstanceOf(IOException.class);

    journal = lasting;
    assertThat(sink(REQUESTS).deliver(windows(0, 5))).isEqualTo(Delivery.accepted());
    assertThat(total("Requests")).isEqualTo(1 + 2 + 3 + 4 + 5);
    assertThat(ambiguous()).isEqualTo(1);
    assertThat(counter("tailrace_cloudwatch_windows_in_doubt_total")).isEqualTo(3);
  }

  @Test
  void ofSeveralRequestsOnlyThoseThatFailedComeAgain() throws Exception {
    Sink sink = sink(REQUESTS);
    List<Item> batch = windows(0, 2_500);
    batch.set(3, item(3, window("*", start.minus(Duration.ofDays(30)), 9)));
    cloudWatch.refuse(point -> point.at().equals(start.plusSeconds(1_500)));
    assertThat(sink.deliver(batch)).isInstanceOf(Delivery.Rejected.class);
    assertThat(cloudWatch.puts()).hasSize(1);
    cloudWatch.refuse(point -> false);
    // What was rejected in the first request is so when that is passed over.
    assertThat(sink.deliver(batch))
        .isInstanceOfSatisfying(
            Delivery.PartlyRejected.class,
            partly ->
                assertThat(partly.rejections())
                    .singleElement()
                    .satisfies(
                        each -> {
                          assertThat(each.index()).isEqualTo(3);
                          assertThat(each.reason()).contains("too old");
                        }));
    assertThat(cloudWatch.puts()).hasSize(3);
    assertThat(total("Requests")).isEqualTo(2_500 * 2_501 / 2 - 4);
  }

  @Test
  void aLogThatBeginsAnewIsANewOne() throws Exception {
    Sink sink = sink(REQUESTS);
    assertThat(sink.deliver(windows(0, 3))).isEqualTo(Delivery.accepted());
    List<Item> anew = List.of(item(0, window("*", start.plusSeconds(100), 50)));
    assertThat(sink.deliver(anew)).isEqualTo(Delivery.accepted());
    assertThat(sink.deliver(anew)).isEqualTo(Delivery.accepted());
    assertThat(total("Requests")).isEqualTo(1 + 2 + 3 + 50);
  }

  @Test
  void correctionsAreCountedAndWhatIsOutOfTimeIsRejected() throws Exception {
    Aggregate correction = window("*", start, 5);
    correction.setRevision(1);
    Aggregate supplement = window("*", start, 5);
    supplement.setSupplement(true);
    Delivery delivery =
        sink(REQUESTS)
            .deliver(
                List.of(
                    item(0, window("*", start, 7)),
                    item(1, correction),
                    item(2, supplement),
                    item(3, window("*", start.minus(Duration.ofDays(15)), 1)),
                    item(4, window("*", start.plus(Duration.ofHours(3)), 1)),
                    item(5, TestAggregates.total("r1", "*", 7))));
    assertThat(((Delivery.PartlyRejected) delivery).rejections())
        .extracting(Delivery.Rejection::index)
        .containsExactly(3, 4);
    assertThat(total("Requests")).isEqualTo(7);
    assertThat(counter("tailrace_sink_corrections_total")).isEqualTo(2);
    assertThat(counter("tailrace_cloudwatch_windows_out_of_time_total")).isEqualTo(2);
  }

  @Test
  void aHistogramThatIsNoneIsRejectedAlone() throws Exception {
    Aggregate broken = window("*", start, 5);
    broken.setResponseHistogram(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    Delivery delivery =
        sink("metrics: [{name: ResponseTime}, {name: Requests}]\n")
            .deliver(List.of(item(0, broken), item(1, window("*", start.plusSeconds(1), 5))));
    assertThat(((Delivery.PartlyRejected) delivery).rejections())
        .extracting(Delivery.Rejection::index)
        .containsExactly(0);
    assertThat(total("Requests")).isEqualTo(5);
  }

  @Test
  void fillsItsRequestsAndLosesNoValue() throws Exception {
    Random random = new Random(11);
    List<Item> batch = new ArrayList<>();
    long values = 0;
    for (int i = 0; i < 6_000; i++) {
      long[] micros =
          random
              .doubles(1 + random.nextInt(200))
              .mapToLong(x -> (long) Math.exp(7 + 9 * x))
              .toArray();
      values += micros.length;
      Aggregate window = window("GET /" + i % 60, start.plusSeconds(i / 60), micros.length);
      window.setResponseHistogram(ByteBuffer.wrap(SpreadTest.frame(micros)));
      batch.add(item(i, window));
    }
    Sink sink =
        sink(
            """
            metrics:
              - name: ResponseTime
                dimensions: {TestName: "{{test_name}}", Series: "{{series}}"}
              - name: Throughput
                dimensions: {TestName: "{{test_name}}", Series: "{{series}}"}
            """);
    assertThat(sink.deliver(batch)).isEqualTo(Delivery.accepted());

    List<Put> puts = cloudWatch.puts();
    double fill = puts.stream().mapToDouble(CloudWatchSinkIT::fill).average().orElseThrow();
    log.info("{} requests, filled to {} on average", puts.size(), fill);
    assertThat(puts).hasSizeGreaterThan(10);
    assertThat(fill).isGreaterThan(0.9);
    double counted =
        cloudWatch.points().entrySet().stream()
            .filter(point -> point.getKey().metric().equals("ResponseTime"))
            .flatMap(point -> point.getValue().values().stream())
            .mapToDouble(Double::doubleValue)
            .sum();
    assertThat(counted).isEqualTo((double) values);
    assertThat(counter("tailrace_cloudwatch_requests_total")).isEqualTo(puts.size());
  }

  private static double fill(Put put) {
    return Math.max(put.data() / 1_000.0, put.bytes() / 1_000_000.0);
  }

  @Test
  void knowsTheSizeOfARequestBeforeItIsMade() throws Exception {
    CloudWatchConfig config = CloudWatchConfigTest.read("region: us-west-2\n" + REQUESTS);
    List<Item> batch = windows(0, 900);
    Request request =
        new Windows(config)
            .plan(batch, Progress.NONE, Clock.systemUTC().instant())
            .requests()
            .get(0);
    assertThat(sink(REQUESTS).deliver(batch)).isEqualTo(Delivery.accepted());
    int bytes = cloudWatch.puts().get(0).bytes();
    assertThat((double) Request.bytes(request.data()))
        .isGreaterThanOrEqualTo(bytes - 100.0)
        .isCloseTo(bytes, within(bytes * 0.1));
  }

  @Test
  void alarmsWatchTheDimensionsThatAreSent() throws Exception {
    String alarms =
        """
        metrics:
          - name: ResponseTime
            dimensions: {TestName: "{{test_name}}", Environment: "{{environment}}"}
        alarms:
          - {name: Slow, metric: ResponseTime, threshold: 1000, evaluation_periods: 2}
          - {name: Tail, metric: ResponseTime, statistic: p99, threshold: 2000, period: 10s}
        """;
    Aggregate window = window("*", start, 1);
    window.setEnvironment("staging");
    window.setResponseHistogram(ByteBuffer.wrap(SpreadTest.frame(5_000)));
    assertThat(sink(alarms).deliver(List.of(item(0, window)))).isEqualTo(Delivery.accepted());

    Map<String, JsonNode> put = cloudWatch.alarms();
    assertThat(put).containsOnlyKeys("Slow checkout staging", "Tail checkout staging");
    Map<String, String> watched = new TreeMap<>();
    alarm("Slow checkout staging")
        .get("Dimensions")
        .forEach(each -> watched.put(each.get("Name").textValue(), each.get("Value").textValue()));
    assertThat(cloudWatch.points().keySet())
        .singleElement()
        .satisfies(point -> assertThat(point.dimensions()).isEqualTo(watched));

    Sink changed = sink(alarms.replace("1000", "500"));
    window.setWindowStartMicros(window.getWindowStartMicros() + 1_000_000);
    assertThat(changed.deliver(List.of(item(1, window)))).isEqualTo(Delivery.accepted());
    assertThat(alarm("Slow checkout staging").get("Threshold").doubleValue()).isEqualTo(500);
    assertThat(counter("tailrace_cloudwatch_alarms_put_total")).isEqualTo(4);
    changed.check();
  }

  @Test
  void theBlockThatWasAskedForDoesWhatItSays() throws Exception {
    String block = CloudWatchConfigTest.ASKED_FOR;
    // Keys and an endpoint are those of every test here.
    String rest = block.substring(block.indexOf("metrics:"));
    Aggregate window = window("*", start, 2);
    window.setEnvironment("staging");
    window.setResponseHistogram(ByteBuffer.wrap(SpreadTest.frame(5_000, 7_000)));
    assertThat(sink(rest).deliver(List.of(item(0, window)))).isEqualTo(Delivery.accepted());

    Map<String, Point> points = new TreeMap<>();
    cloudWatch.points().keySet().forEach(point -> points.put(point.metric(), point));
    assertThat(points)
        .containsExactly(
            Map.entry(
                "ResponseTime",
                new Point(
                    "ResponseTime",
                    Map.of("TestName", "checkout", "Environment", "staging"),
                    "Milliseconds",
                    start)),
            Map.entry(
                "Throughput",
                new Point("Throughput", Map.of("TestName", "checkout"), "Count/Second", start)));
    JsonNode alarm = alarm("HighResponseTime checkout staging");
    assertThat(alarm.get("Statistic").textValue()).isEqualTo("Average");
    assertThat(alarm.get("Threshold").doubleValue()).isEqualTo(1_000);
    assertThat(alarm.get("EvaluationPeriods").intValue()).isEqualTo(2);
    assertThat(alarm.get("ComparisonOperator").textValue()).isEqualTo("GreaterThanThreshold");
  }

  private JsonNode alarm(String name) {
    return Optional.ofNullable(cloudWatch.alarms().get(name)).orElseThrow();
  }

  @Test
  void metricsDoNotWaitForAnAlarmThatIsRefused() throws Exception {
    Sink sink =
        sink("metrics: [{name: Requests}]\nalarms: [{name: A, metric: Requests, threshold: 1}]\n");
    cloudWatch.refuseAlarms(true);
    assertThat(sink.deliver(windows(0, 1))).isEqualTo(Delivery.accepted());
    assertThat(total("Requests")).isEqualTo(1);
    assertThat(cloudWatch.alarms()).isEmpty();
    assertThat(counter("tailrace_cloudwatch_alarms_failed_total")).isEqualTo(1);
  }

  @Test
  void anAnswerThatDripsIsGivenUpInTime() throws Exception {
    Sink sink = sink(REQUESTS);
    target.failNext(Fault.DRIP);
    long began = System.nanoTime();
    assertThat(sink.deliver(windows(0, 3))).isEqualTo(Delivery.accepted());
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
    assertThat(ambiguous()).isEqualTo(1);
  }

  @Test
  void aServerThatAgreesToEverythingIsNotCloudWatch() throws Exception {
    StubTarget agreeing = StubTarget.start(request -> StubTarget.Answer.of(200, "<html>"));
    closing.add(agreeing);
    Sink sink =
        sinkAt(
            agreeing.url().toString(), REQUESTS, StubCloudWatch.SECRET, Optional.empty(), PATIENT);
    assertThat(sink.deliver(windows(0, 1))).isInstanceOf(Delivery.Misconfigured.class);
  }

  @Test
  void neverTalksToAMetadataService() throws Exception {
    Sink sink =
        sinkAt(
            "http://169.254.169.254", REQUESTS, StubCloudWatch.SECRET, Optional.empty(), PATIENT);
    assertThatThrownBy(() -> sink.deliver(windows(0, 1))).hasMessageContaining("metadata");
  }

  @Test
  void goesThroughAProxyThatLetsItThroughAsItIs() throws Exception {
    StubProxy proxy = new StubProxy(target.url().getPort(), "");
    closing.add(proxy);
    HttpProxy open = new HttpProxy(proxy.url(), Optional.empty(), Optional.empty());
    String unknownHere = "http://monitoring.somewhere.invalid";
    Sink sink =
        sinkAt(
            unknownHere,
            REQUESTS,
            StubCloudWatch.SECRET,
            Optional.empty(),
            PATIENT.withProxy(open));
    assertThat(sink.deliver(windows(0, 3))).isEqualTo(Delivery.accepted());
    assertThat(total("Requests")).isEqualTo(1 + 2 + 3);
    assertThat(proxy.asked().get(0).line()).startsWith("POST " + unknownHere);

    HttpProxy closed = new HttpProxy(proxy.url(), Optional.of("u"), Optional.empty());
    assertThatThrownBy(
            () ->
                sinkAt(
                    unknownHere,
                    REQUESTS,
                    StubCloudWatch.SECRET,
                    Optional.empty(),
                    PATIENT.withProxy(closed)))
        .hasMessageContaining("proxy.username");
  }

  private Sink sink(String metricsAndAlarms) {
    return sink(metricsAndAlarms, StubCloudWatch.SECRET, Optional.empty());
  }

  private Sink sink(String metricsAndAlarms, String secret, Optional<String> token) {
    return sinkAt(target.url().toString(), metricsAndAlarms, secret, token, PATIENT);
  }

  private Sink sinkAt(
      String endpoint,
      String metricsAndAlarms,
      String secret,
      Optional<String> token,
      HttpConfig config) {
    String yaml =
        """
        region: us-west-2
        namespace: Perf/Load
        endpoint: %s
        credentials:
          access_key: "{{env.ID}}"
          secret_key: "{{env.KEY}}"
        """
            .formatted(endpoint);
    if (token.isPresent()) {
      yaml += "  session_token: \"{{env.TOKEN}}\"\n";
    }
    Map<String, String> environment =
        Map.of("ID", StubCloudWatch.KEY_ID, "KEY", secret, "TOKEN", token.orElse(""));
    Http http = Http.open(config, NetworkRules.DEFAULT);
    closing.add(http);
    SinkContext context =
        new SinkContext(
            "cloudwatch",
            http,
            MetricShape.ALL,
            metrics,
            new Pages(),
            new JournaledOnce(journal, metrics),
            Clock.systemUTC());
    CloudWatchSinkProvider provider = new CloudWatchSinkProvider();
    Sink sink =
        Settings.of(SettingsSource.ofYaml(yaml + metricsAndAlarms).withEnvironment(environment))
            .read(block -> provider.options().read(block, its -> provider.create(its, context)));
    closing.add(0, sink);
    return sink;
  }

  /** A journal that takes so many notes and is gone then. */
  private static OnceJournal failingAfter(int writes, OnceJournal lasting) {
    int[] left = {writes};
    return new OnceJournal() {
      @Override
      public Optional<OnceNote> read(String key) throws IOException, InterruptedException {
        return lasting.read(key);
      }

      @Override
      public void write(String key, OnceNote note) throws IOException, InterruptedException {
        if (left[0]-- <= 0) {
          throw new IOException("the process is gone");
        }
        lasting.write(key, note);
      }
    };
  }

  /** The window of second i has i + 1 requests. */
  private List<Item> windows(int from, int to) {
    List<Item> items = new ArrayList<>();
    for (int i = from; i < to; i++) {
      items.add(item(i, window("*", start.plusSeconds(i), i + 1L)));
    }
    return items;
  }

  private static Aggregate window(String series, Instant at, long requests) {
    return TestAggregates.window("r1", series, at.getEpochSecond() * 1_000_000, requests);
  }

  private static Item item(long offset, Aggregate window) {
    return new Item(Feed.AGGREGATES, new Origin("windows", 0, offset), window);
  }

  private double total(String metric) {
    return cloudWatch.points().entrySet().stream()
        .filter(point -> point.getKey().metric().equals(metric))
        .flatMap(point -> point.getValue().entrySet().stream())
        .mapToDouble(value -> value.getKey() * value.getValue())
        .sum();
  }

  private double ambiguous() {
    return counter("tailrace_sink_ambiguous_total");
  }

  private double counter(String name) {
    Double value =
        registry.getSampleValue(name, new String[] {"sink"}, new String[] {"cloudwatch"});
    return value == null ? 0 : value;
  }
}
