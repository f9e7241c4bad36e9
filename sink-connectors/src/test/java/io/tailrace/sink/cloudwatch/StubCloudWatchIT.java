package io.tailrace.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.sink.contract.StubTarget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;

/** Each constraint of the published service model, tripped by Amazon's own client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StubCloudWatchIT {
  private final StubCloudWatch stub = new StubCloudWatch();
  private final StubTarget target = StubTarget.start(stub::answer);
  private final CloudWatchClient client = client("us-west-2", StubCloudWatch.SECRET);

  @AfterAll
  void close() {
    client.close();
    target.close();
  }

  @BeforeAll
  void takesWhatIsRight() {
    client.putMetricData(each -> each.namespace("N").metricData(datum(it -> {})));
    client.putMetricAlarm(alarm(it -> {}));
    assertThat(stub.points()).hasSize(1);
    assertThat(stub.alarms()).hasSize(1);
  }

  static Stream<Arguments> data() {
    Instant now = Clock.systemUTC().instant();
    return Stream.of(
        broken("no name", it -> it.metricName(null)),
        broken("an empty name", it -> it.metricName("")),
        broken("a name too long", it -> it.metricName("x".repeat(256))),
        broken("a name of another alphabet", it -> it.metricName("\u00E9")),
        broken("no such unit", it -> it.unit("Furlongs")),
        broken("no such resolution", it -> it.storageResolution(30)),
        broken("older than two weeks", it -> it.timestamp(now.minus(Duration.ofDays(15)))),
        broken("far ahead", it -> it.timestamp(now.plus(Duration.ofHours(3)))),
        broken("too large a number", it -> it.value(1e120)),
        broken("not a number", it -> it.value(Double.NaN)),
        broken("31 dimensions", it -> it.dimensions(dimensions(31))),
        broken("a dimension twice", it -> it.dimensions(dimension("A", "1"), dimension("A", "2"))),
        broken("an empty dimension", it -> it.dimensions(dimension("A", ""))),
        broken("a dimension of a colon", it -> it.dimensions(dimension(":A", "1"))),
        broken("a dimension too long", it -> it.dimensions(dimension("A", "x".repeat(1_025)))),
        broken("151 values", it -> values(it, 151, 151)),
        broken("counts missing", it -> values(it, 2, 1)),
        broken("a count of nothing", it -> it.value(null).values(1.0).counts(0.0)),
        broken("a value twice", it -> it.value(null).values(1.0, 1.0).counts(1.0, 1.0)));
  }

  private static Arguments broken(String what, Consumer<MetricDatum.Builder> change) {
    return Arguments.of(what, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("data")
  void refusesADatumWith(String what, Consumer<MetricDatum.Builder> change) {
    assertThatThrownBy(
            () -> client.putMetricData(each -> each.namespace("N").metricData(datum(change))))
        .as(what)
        .isInstanceOfSatisfying(
            CloudWatchException.class, e -> assertThat(e.statusCode()).isEqualTo(400));
    assertThat(stub.puts()).hasSize(1);
  }

  @Test
  void refusesARequestThatIsTooMuchOrSaysTooLittle() {
    List<MetricDatum> many = Collections.nCopies(1_001, datum(it -> {}));
    refused(() -> client.putMetricData(each -> each.namespace("N").metricData(many)), 400);
    List<MetricDatum> large =
        Collections.nCopies(1_000, datum(it -> it.dimensions(dimension("A", "x".repeat(1_000)))));
    refused(() -> client.putMetricData(each -> each.namespace("N").metricData(large)), 413);
    refused(() -> client.putMetricData(each -> each.namespace("N").metricData(List.of())), 400);
    for (String namespace : new String[] {"", ":N", "AWS/N", "x".repeat(256)}) {
      refused(
          () -> client.putMetricData(each -> each.namespace(namespace).metricData(datum(it -> {}))),
          400);
    }
    refused(() -> client.describeAlarms(each -> each.maxRecords(101)), 400);
    refused(() -> client.listMetrics(each -> each.namespace("")), 400);
    assertThat(stub.puts()).hasSize(1);
  }

  static Stream<Arguments> alarms() {
    return Stream.of(
        wrong("no name", it -> it.alarmName(null)),
        wrong("an empty name", it -> it.alarmName("")),
        wrong("a name too long", it -> it.alarmName("x".repeat(256))),
        wrong("a description too long", it -> it.alarmDescription("x".repeat(1_025))),
        wrong("no such statistic", it -> it.statistic("Median")),
        wrong("no such percentile", it -> it.statistic((String) null).extendedStatistic("p101")),
        wrong("two statistics", it -> it.extendedStatistic("p99")),
        wrong("no statistic", it -> it.statistic((String) null)),
        wrong("no such comparison", it -> it.comparisonOperator("Above")),
        wrong("an odd period", it -> it.period(45)),
        wrong("no period", it -> it.period(0)),
        wrong("no periods", it -> it.evaluationPeriods(0)),
        wrong("more than a day", it -> it.evaluationPeriods(1_441)),
        wrong("more than a week", it -> it.period(3_600).evaluationPeriods(169)),
        wrong("more data than periods", it -> it.datapointsToAlarm(3)),
        wrong("no data", it -> it.datapointsToAlarm(0)),
        wrong("no such way with gaps", it -> it.treatMissingData("fine")),
        wrong("six actions", it -> it.alarmActions(Collections.nCopies(6, "arn:a"))),
        wrong("an action too long", it -> it.okActions("x".repeat(1_025))),
        wrong("an empty action", it -> it.alarmActions("")),
        wrong("something unheard of", it -> it.evaluateLowSampleCountPercentile("ignore")));
  }

  private static Arguments wrong(String what, Consumer<PutMetricAlarmRequest.Builder> change) {
    return Arguments.of(what, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("alarms")
  void refusesAnAlarmWith(String what, Consumer<PutMetricAlarmRequest.Builder> change) {
    assertThatThrownBy(() -> client.putMetricAlarm(alarm(change)))
        .as(what)
        .isInstanceOfSatisfying(
            CloudWatchException.class, e -> assertThat(e.statusCode()).isEqualTo(400));
    assertThat(stub.alarms()).hasSize(1);
  }

  @Test
  void refusesAnotherKeyAndAnotherRegion() {
    try (CloudWatchClient forged = client("us-west-2", "another")) {
      refused(() -> forged.listMetrics(each -> each.namespace("N")), 403);
    }
    try (CloudWatchClient elsewhere = client("eu-west-1", StubCloudWatch.SECRET)) {
      refused(() -> elsewhere.listMetrics(each -> each.namespace("N")), 403);
    }
  }

  private static void refused(Runnable call, int status) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            CloudWatchException.class, e -> assertThat(e.statusCode()).isEqualTo(status));
  }

  private static MetricDatum datum(Consumer<MetricDatum.Builder> change) {
    MetricDatum.Builder builder =
        MetricDatum.builder()
            .metricName("M")
            .unit("Count")
            .dimensions(List.of())
            .timestamp(Clock.systemUTC().instant())
            .storageResolution(1)
            .value(1.0);
    change.accept(builder);
    return builder.build();
  }

  private static PutMetricAlarmRequest alarm(Consumer<PutMetricAlarmRequest.Builder> change) {
    PutMetricAlarmRequest.Builder builder =
        PutMetricAlarmRequest.builder()
            .alarmName("A")
            .alarmDescription("")
            .namespace("N")
            .metricName("M")
            .dimensions(List.of())
            .statistic("Average")
            .threshold(1.0)
            .comparisonOperator("GreaterThanThreshold")
            .period(60)
            .evaluationPeriods(2)
            .datapointsToAlarm(2)
            .treatMissingData("missing")
            .actionsEnabled(true)
            .alarmActions(List.of())
            .okActions(List.of());
    change.accept(builder);
    return builder.build();
  }

  private static void values(MetricDatum.Builder datum, int values, int counts) {
    datum
        .value(null)
        .values(IntStream.range(0, values).mapToObj(i -> (double) i).toList())
        .counts(Collections.nCopies(counts, 1.0));
  }

  private static List<Dimension> dimensions(int count) {
    return IntStream.range(0, count).mapToObj(i -> dimension("D" + i, "v")).toList();
  }

  private static Dimension dimension(String name, String value) {
    return Dimension.builder().name(name).value(value).build();
  }

  private CloudWatchClient client(String region, String secret) {
    return CloudWatchClient.builder()
        .region(Region.of(region))
        .endpointOverride(target.url())
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(StubCloudWatch.KEY_ID, secret)))
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(each -> each.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }
}
