package io.tailrace.sink.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.histogram.HistogramFrame;
import io.tailrace.record.Aggregate;
import io.tailrace.record.Series;
import io.tailrace.record.StatusShare;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.core.MetricNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START = 1_763_650_800_000_000L;

  @Test
  void anAggregateIsTwoLinesThatAServerReplacesByRevision() {
    Aggregate window = TestAggregates.window("r1", "GET /cart", START, 411);
    window.setRevision(2);
    BulkBody body = new BulkBody(false);
    body.add(0, "metrics-2025.11", "the-id", window.getRevision(), json -> encode(json, window));

    assertThat(new String(body.toBytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"index\":{\"_index\":\"metrics-2025.11\",\"_id\":\"the-id\",\"version\":3,"
                + "\"version_type\":\"external\"}}\n"
                + "{\"timestamp\":\"2025-11-20T15:00:00Z\",\"run_id\":\"r1\","
                + "\"test_name\":\"checkout\",\"environment\":\"\",\"version\":\"\",\"tags\":{},"
                + "\"series\":\"GET /cart\",\"method\":\"\",\"group\":\"\",\"series_tags\":{},"
                + "\"window\":\"1s\",\"window_ms\":1000,\"revision\":2,\"supplement\":false,"
                + "\"complete\":true,\"nodes_reported\":1,\"nodes_expected\":1,\"late\":0,"
                + "\"clamped\":0,\"requests\":411,\"errors\":0,\"error_rate\":0.0,"
                + "\"throughput\":411.0,"
                + times("response_time_")
                + times("service_time_")
                + "\"by_status\":{},\"errors_by_kind\":{}}\n");
  }

  private static String times(String prefix) {
    StringBuilder text = new StringBuilder();
    String[] names = {"avg", "min", "max", "stdev", "p50", "p75", "p90", "p95", "p99", "p999"};
    double[] values = {5.0, 1.0, 10.0, 0.1, 5.0, 7.5, 9.0, 9.5, 9.9, 9.99};
    for (int i = 0; i < names.length; i++) {
      text.append("\"%s%s\":%s,".formatted(prefix, names[i], values[i]));
    }
    return text.toString();
  }

  @Test
  void namesFromOutsideStayWithinTheirLineAndTheirField() throws Exception {
    String nasty = "a\"}}\n\r\\ 😀\u0000" + "x".repeat(10_000);
    Aggregate window = TestAggregates.window("r\n1", nasty, START, 1);
    window.setTags(Map.of("a.b", nasty, "", "empty"));
    window.setErrorKinds(Map.of("java.net.ConnectException", 3L));
    window.setByStatus(List.of(new StatusShare(200, 1L, 0L, null)));
    window.setThroughput(Double.NaN);
    window.setErrorRatePercent(Double.POSITIVE_INFINITY);
    BulkBody body = new BulkBody(false);
    body.add(0, "i", "id", 0, json -> encode(json, window));

    List<String> lines = lines(body);
    assertThat(lines).hasSize(2);
    JsonNode document = JSON.readTree(lines.get(1));
    assertThat(document.path("series").asText()).isEqualTo(nasty);
    assertThat(document.path("tags").path("a_b").asText()).isEqualTo(nasty);
    assertThat(document.path("tags").path("_").asText()).isEqualTo("empty");
    assertThat(document.at("/errors_by_kind/java_net_ConnectException").asLong()).isEqualTo(3);
    assertThat(document.at("/by_status/200").asLong()).isEqualTo(1);
    assertThat(document.has("throughput")).isFalse();
    assertThat(document.has("error_rate")).isFalse();
  }

  @Test
  void aHistogramKeepsEveryCountAndItsValuesWithinAThousandth() throws Exception {
    Histogram histogram = new Histogram(3_600_000_000L, 3);
    for (long micros = 100; micros < 10_000_000; micros = micros * 5 / 4) {
      histogram.recordValueWithCount(micros, micros % 7 + 1);
    }
    Aggregate window = TestAggregates.window("r1", "*", START, histogram.getTotalCount());
    window.setResponseHistogram(ByteBuffer.wrap(HistogramFrame.encode(histogram)));
    BulkBody body = new BulkBody(false);
    body.add(
        0,
        "i",
        "id",
        0,
        json -> new DocumentEncoder(true).aggregate(json, window, MetricNames.of(window)));
    JsonNode document = JSON.readTree(lines(body).get(1));

    for (String field : List.of("response_time", "service_time")) {
      JsonNode values = document.path(field).path("values");
      JsonNode counts = document.path(field).path("counts");
      long total = 0;
      double before = 0;
      int at = 0;
      for (long micros = 100; micros < 10_000_000; micros = micros * 5 / 4) {
        assertThat(values.get(at).asDouble())
            .isGreaterThan(before)
            .isCloseTo(micros / 1000.0, Percentage.withPercentage(0.1));
        before = values.get(at).asDouble();
        total += counts.get(at++).asLong();
      }
      assertThat(values).hasSize(at);
      assertThat(total).isEqualTo(histogram.getTotalCount());
    }
  }

  @Test
  void aMetricIsADocumentWithTheMappedFieldsAndTheRestAsTags() throws Exception {
    Aggregate window = TestAggregates.window("r1", "GET /cart", START, 411);
    window.setEnvironment("staging");
    window.setSeries(new Series("GET /cart", "GET", "", Map.of("region", "eu")));
    MetricDocuments documents =
        new MetricDocuments(
            Set.of("timestamp", "test_name", "metric_name", "metric_value", "tags"));
    BulkBody body = new BulkBody(false);
    body.add(0, "i", "id", 0, json -> documents.write(json, window, "requests", 411L));

    assertThat(lines(body).get(1))
        .isEqualTo(
            "{\"timestamp\":\"2025-11-20T15:00:00Z\",\"test_name\":\"checkout\","
                + "\"metric_name\":\"requests\",\"metric_value\":411.0,\"tags\":{"
                + "\"run_id\":\"r1\",\"environment\":\"staging\",\"series\":\"GET /cart\","
                + "\"method\":\"GET\",\"window\":\"1s\",\"region\":\"eu\"}}");
  }

  @Test
  void elasticsearch6IsToldAType() {
    BulkBody body = new BulkBody(true);
    body.add(0, "i", "id", 0, json -> json.writeRaw("{}"));

    assertThat(new String(body.toBytes(), StandardCharsets.UTF_8))
        .startsWith("{\"index\":{\"_index\":\"i\",\"_type\":\"_doc\",\"_id\":\"id\",");
  }

  @Test
  void everySeriesWindowAndSupplementHasAnIdOfItsOwn() {
    Set<String> ids = new HashSet<>();
    for (Series series :
        List.of(
            new Series("ab", "c", "", Map.of()),
            new Series("a", "bc", "", Map.of()),
            new Series("ab", "", "c", Map.of()),
            new Series("ab", "c", "", Map.of("k", "v")),
            new Series("ab", "c", "", Map.of("k", "v", "k2", "v")),
            new Series("x".repeat(10_000), "c", "", Map.of()))) {
      for (long start : List.of(START, START + 1_000_000)) {
        for (long size : List.of(1_000_000L, 10_000_000L)) {
          for (int supplement = 0; supplement < 3; supplement++) {
            Aggregate window = TestAggregates.window("r1", "", start, 1);
            window.setSeries(series);
            window.setWindowMicros(size);
            window.setSupplement(supplement > 0);
            window.setRevision(supplement);
            assertThat(ids.add(DocumentId.of(window))).isTrue();
            assertThat(ids.add(DocumentId.of(window, "requests"))).isTrue();
            assertThat(DocumentId.of(window)).hasSize(24);
          }
        }
      }
      Aggregate total = TestAggregates.total("r1", "", 1);
      total.setSeries(series);
      assertThat(ids.add(DocumentId.of(total))).isTrue();
    }
  }

  @Test
  void correctionsKeepTheirId() {
    Aggregate first = TestAggregates.window("r1", "a", START, 1);
    Aggregate corrected = TestAggregates.window("r1", "a", START, 2);
    corrected.setRevision(1);
    Aggregate total = TestAggregates.total("r1", "a", 1);
    Aggregate earlier = TestAggregates.total("r1", "a", 2);
    earlier.setRevision(1);
    earlier.setWindowStartMicros(START);

    assertThat(DocumentId.of(corrected)).isEqualTo(DocumentId.of(first));
    assertThat(DocumentId.of(earlier)).isEqualTo(DocumentId.of(total));
  }

  private static List<String> lines(BulkBody body) {
    return new String(body.toBytes(), StandardCharsets.UTF_8).lines().toList();
  }

  private static void encode(JsonGenerator json, Aggregate window) throws IOException {
    new DocumentEncoder(false).aggregate(json, window, MetricNames.of(window));
  }
}
