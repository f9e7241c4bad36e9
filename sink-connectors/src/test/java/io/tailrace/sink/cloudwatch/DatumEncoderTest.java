package io.tailrace.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Series;
import io.tailrace.sink.TestAggregates;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DatumEncoderTest {
  private static final String METRICS =
      """
      region: us-west-2
      metrics:
        - name: ResponseTime
          unit: Seconds
          dimensions: {Test: "{{test_name}}", Environment: "{{environment}}"}
        - name: ByEndpoint
          source: response_time
          dimensions: {Series: "{{series}}", Method: "{{method}}"}
        - name: Slowest
          source: response_time_max
          unit: Microseconds
        - name: ActiveUsers
      """;

  private static List<Datum> encode(Aggregate aggregate) {
    return encoder().encode(aggregate);
  }

  private static DatumEncoder encoder() {
    CloudWatchConfig config = CloudWatchConfigTest.read(METRICS);
    return new DatumEncoder(config.metrics(), Duration.ofSeconds(1));
  }

  private static Aggregate window(String series, long... micros) {
    Aggregate window = TestAggregates.window("r1", series, 5_000_000, micros.length);
    window.setResponseHistogram(ByteBuffer.wrap(SpreadTest.frame(micros)));
    return window;
  }

  @Test
  void theWholeRunIsWhatHasNoSeriesInItsDimensions() {
    List<Datum> data = encode(window("*", 1_000, 1_000, 2_000));
    assertThat(data)
        .extracting(datum -> datum.metric().name())
        .containsExactly("ResponseTime", "ByEndpoint", "Slowest");
    Datum first = data.get(0);
    assertThat(first.dimensions().values()).isEqualTo(Map.of("Test", "checkout"));
    assertThat(first.values()).hasSize(2);
    assertThat(first.values()[0]).isCloseTo(0.001, within(1e-6));
    assertThat(first.values()[1]).isCloseTo(0.002, within(2e-6));
    assertThat(first.counts()).containsExactly(2, 1);
    assertThat(first.startMicros()).isEqualTo(5_000_000);
    assertThat(first.resolution()).isEqualTo(1);
    assertThat(data.get(1).dimensions().values()).isEqualTo(Map.of("Series", "*"));
    assertThat(data.get(2).values()).containsExactly(10_000);
    assertThat(data.get(2).isSingle()).isTrue();
  }

  @Test
  void aSeriesIsInItsOwnMetricsOnly() {
    assertThat(encode(window("GET /cart", 1_000)))
        .singleElement()
        .satisfies(
            datum ->
                assertThat(datum.dimensions().values()).isEqualTo(Map.of("Series", "GET /cart")));
  }

  @Test
  void aWideDistributionIsSeveralData() {
    long[] micros =
        new Random(3).doubles(50_000, 0, 20).mapToLong(x -> 1 + (long) Math.exp(x)).toArray();
    List<Datum> data =
        encode(window("*", micros)).stream()
            .filter(datum -> datum.metric().name().equals("ResponseTime"))
            .toList();
    assertThat(data).hasSizeGreaterThan(1);
    assertThat(data).allMatch(datum -> datum.values().length <= 150);
    assertThat(data.stream().flatMapToDouble(datum -> Arrays.stream(datum.counts())).sum())
        .isEqualTo(50_000);
  }

  @Test
  void aWindowWithoutRequestsHasNoTimes() {
    Aggregate empty = TestAggregates.window("r1", "*", 0, 0);
    empty.setResponseTime(null);
    empty.setActiveUsers(7);
    assertThat(encode(empty))
        .singleElement()
        .satisfies(datum -> assertThat(datum.values()).containsExactly(7));
  }

  @Test
  void namesThatCloudWatchWouldRefuseAreWrittenSoThatTheyStayApart() {
    String[] names = {
      "K\u00e4se",
      "Kase",
      "a\r\nb",
      "a b",
      ":x",
      "x",
      "<@U1>\"}}\\",
      "\ud83d\ude00",
      "x".repeat(10_000),
      "x".repeat(10_001)
    };
    assertThat(Arrays.stream(names).map(Dimensions::safe).distinct()).hasSize(names.length);
    for (String name : names) {
      Aggregate window = window("*", 1);
      window.setSeries(new Series(name, "", "", Map.of()));
      Datum datum = encode(window).get(0);
      assertThat(datum.dimensions().values().get("Series"))
          .matches("[ -~]{1,1024}")
          .doesNotStartWith(":");
    }
  }
}
