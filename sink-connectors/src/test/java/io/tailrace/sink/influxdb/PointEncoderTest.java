package io.tailrace.sink.influxdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Series;
import io.tailrace.record.StatusShare;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.core.MetricNames;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PointEncoderTest {
  private static final long START = 1_763_650_800_000_000L;

  @Test
  void aWindowIsOnePointWithAllItsMetrics() {
    Aggregate window = TestAggregates.window("r1", "GET /cart", START, 411);
    window.setByStatus(
        List.of(new StatusShare(200, 410L, 0L, null), new StatusShare(503, 1L, 1L, null)));
    window.setErrorKinds(Map.of("rate", 1L));
    window.setActiveUsers(20);
    window.setLatenessMeanMicros(Double.NaN);

    assertThat(encode(window, Map.of("environment", "staging", "version", "")))
        .isEqualTo(
            "load,environment=staging,run_id=r1,series=GET\\ /cart,window=1s "
                + "requests=411i,errors=0i,error_rate=0.0,throughput=411.0,"
                + "response_time_avg=5.0,response_time_min=1.0,response_time_max=10.0,"
                + "response_time_stdev=0.1,response_time_p50=5.0,response_time_p75=7.5,"
                + "response_time_p90=9.0,response_time_p95=9.5,response_time_p99=9.9,"
                + "response_time_p999=9.99,"
                + "service_time_avg=5.0,service_time_min=1.0,service_time_max=10.0,"
                + "service_time_stdev=0.1,service_time_p50=5.0,service_time_p75=7.5,"
                + "service_time_p90=9.0,service_time_p95=9.5,service_time_p99=9.9,"
                + "service_time_p999=9.99,active_users=20i,"
                + "status_200=410i,status_503=1i,errors_rate=1i,"
                + "late=0i,clamped=0i,nodes_reported=1i,nodes_expected=1i,complete=true,revision=0i"
                + " 1763650800000000\n");
  }

  @Test
  void anEmptyWindowIsAPointWithoutTimes() {
    Aggregate window = TestAggregates.window("r1", "*", START, 0);
    window.setResponseTime(null);
    window.setServiceTime(null);
    window.setThroughput(Double.NaN);

    assertThat(encode(window, Map.of()))
        .startsWith(
            "load,run_id=r1,series=*,window=1s requests=0i,errors=0i,error_rate=0.0,late=0i")
        .doesNotContain("time_", "throughput");
  }

  @Test
  void everySeriesWindowSizeAndSupplementIsAPointOfItsOwn() {
    Set<String> points = new HashSet<>();
    for (String run : List.of("r1", "r2")) {
      for (Series series :
          List.of(
              new Series("GET /", "", "", Map.of()),
              new Series("GET /", "GET", "", Map.of()),
              new Series("GET /", "", "GET", Map.of()),
              new Series("GET /", "", "", Map.of("environment", "eu")),
              new Series("GET /", "", "", Map.of("tag_environment", "eu")),
              new Series("GET /\n", "", "", Map.of()),
              new Series("GET / ", "", "", Map.of()))) {
        for (long micros : List.of(500_000L, 1_000_000L, 10_000_000L, 60_000_000L)) {
          for (int supplement = 0; supplement < 3; supplement++) {
            Aggregate window = TestAggregates.window(run, "", START, 3);
            window.setSeries(series);
            window.setWindowMicros(micros);
            window.setSupplement(supplement > 0);
            window.setRevision(supplement);
            assertThat(points.add(identity(encode(window, Map.of("environment", "eu"))))).isTrue();
          }
        }
        Aggregate total = TestAggregates.total(run, "", 3);
        total.setSeries(series);
        total.setWindowStartMicros(START);
        assertThat(points.add(identity(encode(total, Map.of("environment", "eu"))))).isTrue();
      }
    }
  }

  @Test
  void aCorrectionTakesThePlaceOfWhatItCorrects() {
    Aggregate first = TestAggregates.window("r1", "GET /", START, 3);
    Aggregate corrected = TestAggregates.window("r1", "GET /", START, 4);
    corrected.setRevision(1);
    corrected.setComplete(false);
    corrected.setNodesReported(2);

    assertThat(encode(corrected, Map.of())).isNotEqualTo(encode(first, Map.of()));
    assertThat(identity(encode(corrected, Map.of()))).isEqualTo(identity(encode(first, Map.of())));
  }

  /** Measurement, tags and time: what InfluxDB tells points apart by. */
  private static String identity(String point) {
    assertThat(point.lines()).hasSize(1);
    return point.replaceFirst("(?<!\\\\) .* ", " ");
  }

  private static String encode(Aggregate aggregate, Map<String, String> tags) {
    PointEncoder points = new PointEncoder();
    points.aggregate("load", tags, aggregate, MetricNames.of(aggregate));
    return new String(points.toByteArray(), StandardCharsets.UTF_8);
  }
}
