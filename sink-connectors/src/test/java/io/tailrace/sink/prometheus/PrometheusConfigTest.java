package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusConfigTest {
  @Test
  void theBlockThatUsersHaveSaysWhatItMeans() {
    PrometheusConfig config =
        read(
            """
            endpoint: "http://prometheus:9090"
            pushgateway: "http://pushgateway:9091"
            metrics:
              - name: "perfornium_response_time"
                type: "histogram"
                help: "Response time distribution"
                labels:
                  - endpoint
                  - method
                  - status_code
              - name: "perfornium_throughput"
                type: "gauge"
                help: "Requests per second"
              - name: "perfornium_error_rate"
                type: "gauge"
                help: "Error rate percentage"
            push_interval: 10s
            job_name: "perfornium-test"
            instance: "{{env.HOSTNAME}}"
            """);

    assertThat(config.remoteWrite().orElseThrow().address())
        .isEqualTo(URI.create("http://prometheus:9090/api/v1/write"));
    assertThat(config.pushgateway().orElseThrow().interval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.shape().target())
        .isEqualTo(Map.of("job", "perfornium-test", "instance", "host-1"));
    assertThat(config.shape().metrics()).hasSize(MetricSpec.STANDARD.size() + 3);
    MetricSpec histogram = config.shape().metrics().get(MetricSpec.STANDARD.size());
    assertThat(histogram.ofSeries()).isTrue();
    assertThat(histogram.statusLabel()).isEqualTo("status_code");
    assertThat(config.shape().metrics().get(MetricSpec.STANDARD.size() + 2).measure())
        .isEqualTo(new Measure.Latest("error_rate", 1));
  }

  @Test
  void timesOfGaugesAreInSecondsUnlessTheNameSaysOtherwise() {
    PrometheusConfig config =
        read(
            """
            metrics:
              - {name: load_p95_seconds, type: gauge, value: response_time_p95}
              - {name: load_response_time_p95_ms, type: gauge}
              - {name: sent_bytes_total, type: counter, value: bytes_sent}
            standard_metrics: false
            """);
    assertThat(config.shape().metrics().get(0).measure())
        .isEqualTo(new Measure.Latest("response_time_p95", 1e-3));
    assertThat(config.shape().metrics().get(1).measure())
        .isEqualTo(new Measure.Latest("response_time_p95", 1));
  }

  @Test
  void saysAllThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    endpont: http://prometheus:9090
                    scrape_path: /metrics
                    window: soon
                    buckets: [10ms, 5ms]
                    histograms: natural
                    native_resolution: 12
                    username: me
                    metrics:
                      - {name: "a b", type: counter}
                      - {name: load_x_total, type: counter, labels: [endpiont]}
                      - {name: load_throughput, type: gauge, labels: [status]}
                      - {name: load_requests, type: counter}
                      - {name: load_test_errors_total, type: counter, labels: [error_type]}
                    """))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("endpont")
        .hasMessageContaining("scrape_path")
        .hasMessageContaining("window")
        .hasMessageContaining("ascend")
        .hasMessageContaining("histograms")
        .hasMessageContaining("native_resolution")
        .hasMessageContaining("did you mean endpoint?")
        .hasMessageContaining("one of bytes_received, bytes_sent, errors, requests")
        .hasMessageContaining("histograms and on counters")
        .hasMessageContaining("end in _total")
        .hasMessageContaining("two of load_test_errors_total");
  }

  @Test
  void goesSomewhere() {
    assertThatThrownBy(() -> read("scrape: false")).hasMessageContaining("results go nowhere");
  }

  private static PrometheusConfig read(String yaml) {
    return Settings.of(SettingsSource.ofYaml(yaml).withEnvironment(Map.of("HOSTNAME", "host-1")))
        .read(block -> PrometheusConfig.OPTIONS.read(block, PrometheusConfig::from));
  }
}
