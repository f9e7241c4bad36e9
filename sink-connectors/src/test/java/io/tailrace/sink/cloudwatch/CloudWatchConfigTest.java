package io.tailrace.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.core.template.TemplateModel;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CloudWatchConfigTest {
  static final String ASKED_FOR =
      """
      region: "us-west-2"
      namespace: "Perfornium/LoadTesting"

      credentials:
        access_key: "{{env.AWS_ACCESS_KEY_ID}}"
        secret_key: "{{env.AWS_SECRET_ACCESS_KEY}}"

      metrics:
        - name: "ResponseTime"
          unit: "Milliseconds"
          dimensions:
            TestName: "{{test_name}}"
            Environment: "{{environment}}"

        - name: "Throughput"
          unit: "Count/Second"
          dimensions:
            TestName: "{{test_name}}"

      alarms:
        - name: "HighResponseTime"
          metric: "ResponseTime"
          statistic: "Average"
          threshold: 1000
          comparison: "GreaterThanThreshold"
          evaluation_periods: 2
      """;

  static CloudWatchConfig read(String yaml) {
    Map<String, String> environment =
        Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "key");
    return Settings.of(SettingsSource.ofYaml(yaml).withEnvironment(environment))
        .read(block -> CloudWatchConfig.OPTIONS.read(block, CloudWatchConfig::from));
  }

  @Test
  void readsTheBlockThatWasAskedFor() {
    CloudWatchConfig config = read(ASKED_FOR);
    assertThat(config.region()).isEqualTo("us-west-2");
    assertThat(config.namespace()).isEqualTo("Perfornium/LoadTesting");
    assertThat(config.credentials().orElseThrow().accessKey().reveal()).isEqualTo("AKIDEXAMPLE");
    assertThat(config.window()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.metrics())
        .extracting(MetricSpec::name)
        .containsExactly("ResponseTime", "Throughput");
    assertThat(config.metrics().get(0).source().isDistribution()).isTrue();
    assertThat(config.metrics().get(1).source().name()).isEqualTo("throughput");
    AlarmSpec alarm = config.alarms().get(0);
    assertThat(alarm.comparison()).isEqualTo("GreaterThanThreshold");
    assertThat(alarm.period()).isEqualTo(Duration.ofMinutes(1));
    assertThat(alarm.datapoints()).isEqualTo(2);
    Dimensions dimensions =
        config.metrics().get(0).dimensions(TemplateModel.of(TestAggregates.window("r", "*", 0, 1)));
    assertThat(alarm.nameFor(config.metrics().get(0), dimensions))
        .isEqualTo("HighResponseTime checkout");
  }

  @Test
  void aRegionIsEnough() {
    CloudWatchConfig config = read("region: eu-central-1\n");
    assertThat(config.namespace()).isEqualTo("Tailrace");
    assertThat(config.credentials()).isEmpty();
    assertThat(config.metrics())
        .extracting(MetricSpec::name)
        .containsExactly(
            "ResponseTime", "Throughput", "ErrorRate", "Requests", "Errors", "ActiveUsers");
  }

  @Test
  void tellsEveryFaultAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    region: us_west
                    namespace: AWS/EC2
                    window: 5s
                    metrics:
                      - name: Speed
                      - name: ErrorRate
                        unit: Percentages
                      - name: ResponseTime
                        unit: Count
                        dimensions:
                          At: "{{timestamp}}"
                          ":Test": "{{test_name}}"
                      - name: Requests
                        dimensions: {Run: "{{run_id}}"}
                    alarms:
                      - name: Many
                        metric: Requests
                        threshold: 1
                      - name: Typo
                        metric: Request
                        statistic: Mean
                        threshold: 1
                        period: 45s
                        comparison: Above
                        actions: [mail]
                    """))
        .isInstanceOf(SettingsException.class)
        .message()
        .contains("region such as us-west-2")
        .contains("not beginning with AWS/")
        .contains("1s, 10s or 1m")
        .contains("\"Speed\" is no metric")
        .contains("\"Percentages\" is no unit of CloudWatch")
        .contains("\"Count\" is no unit of response_time")
        .contains("timestamp differs from window to window")
        .contains("not beginning with :")
        .contains("each run would need one")
        .contains("Typo watches Request")
        .contains("SampleCount or such as p95")
        .contains("10s, 20s, 30s or whole minutes")
        .contains("GreaterThanOrEqualToThreshold")
        .contains("at most 5 ARNs");
  }

  @Test
  void anAlarmLooksAtADayOrWithLongPeriodsAtAWeek() {
    String yaml =
        """
        region: us-west-2
        metrics: [{name: Requests}]
        alarms: [{name: A, metric: Requests, threshold: 1, period: PERIOD, evaluation_periods: N}]
        """;
    for (String[] fits : new String[][] {{"1m", "1440"}, {"1h", "168"}, {"24h", "7"}}) {
      assertThat(read(yaml.replace("PERIOD", fits[0]).replace("N", fits[1])).alarms()).hasSize(1);
    }
    for (String[] over : new String[][] {{"1m", "1441"}, {"59m", "25"}, {"1h", "169"}}) {
      assertThatThrownBy(() -> read(yaml.replace("PERIOD", over[0]).replace("N", over[1])))
          .message()
          .contains("looks at more than");
    }
  }

  @Test
  void aShortAlarmNeedsShortWindows() {
    String yaml =
        """
        region: us-west-2
        window: 1m
        metrics: [{name: Requests}]
        alarms: [{name: A, metric: Requests, threshold: 1, period: 10s}]
        """;
    assertThatThrownBy(() -> read(yaml)).message().contains("windows of a minute cannot fill it");
    assertThat(read(yaml.replace("1m", "1s")).alarms()).hasSize(1);
  }

  @Test
  void aKeyWithoutTheOtherIsAFault() {
    assertThatThrownBy(
            () ->
                read(
                    "region: us-west-2\ncredentials: {access_key: \"{{env.AWS_ACCESS_KEY_ID}}\"}\n"))
        .message()
        .contains("secret_key");
  }

  @Test
  void knowsAMetricByEveryWayOfWritingIt() {
    for (String name : new String[] {"ResponseTimeP95", "response_time_p95", "Response Time P95"}) {
      assertThat(Source.named(name).name()).isEqualTo("response_time_p95");
    }
    assertThat(Source.named("CPUPercent").name()).isEqualTo("cpu_percent");
  }
}
