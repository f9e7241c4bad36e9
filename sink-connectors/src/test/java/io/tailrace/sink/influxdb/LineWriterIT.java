package io.tailrace.sink.influxdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.embedded.InfluxProcess;
import io.tailrace.embedded.NeedsServer;
import io.tailrace.embedded.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** InfluxDB itself reads every name and value back as it was meant. */
@NeedsServer(TestServer.INFLUXDB)
class LineWriterIT {
  private static final String[] PIECES = {
    "a", "b", " ", ",", "=", "\\", "\"", "\n", "\r", "\t", "␊", "␛", "#", "é", "😀", "{{x}}",
    "\u0001"
  };

  @Test
  void influxTellsApartAndReadsBackWhateverIsWritten(@TempDir Path folder) throws Exception {
    try (InfluxProcess influx = InfluxProcess.start(folder)) {
      influx.query("CREATE DATABASE t");
      Random random = new Random(3);
      LineWriter lines = new LineWriter();
      List<Map<String, String>> tags = new ArrayList<>();
      List<String> strings = new ArrayList<>();
      for (int time = 0; time < 2_000; time++) {
        tags.add(Map.of("k" + word(random, 2), word(random, 5), "s", word(random, 5)));
        strings.add(word(random, 8));
        lines
            .point("m" + word(random, 1), new TreeMap<>(tags.get(time)))
            .field("string", strings.get(time))
            .field("float", 1e15 + time)
            .field("whole", (long) time)
            .end(time);
      }
      String long10kB = "x".repeat(10_000);
      lines.point("m", new TreeMap<>(Map.of("s", long10kB))).field("whole", 7L).end(2_000);
      write(influx, new String(lines.toByteArray(), StandardCharsets.UTF_8));

      int points = 0;
      for (JsonNode series : series(influx, "SELECT string, float, whole FROM /.*/ GROUP BY *")) {
        for (JsonNode row : series.path("values")) {
          points++;
          int time = row.get(0).asInt();
          if (time == 2_000) {
            assertThat(series.at("/tags/s").asText()).isEqualTo(long10kB);
            continue;
          }
          tags.get(time)
              .forEach(
                  (key, value) ->
                      assertThat(series.path("tags").path(shown(key)).asText())
                          .isEqualTo(shown(value)));
          assertThat(row.get(1).asText()).isEqualTo(strings.get(time));
          assertThat(row.get(2).asDouble()).isEqualTo(1e15 + time);
          assertThat(row.get(3).asLong()).isEqualTo(time);
        }
      }
      assertThat(points).isEqualTo(2_001);
    }
  }

  /** What people see: the escapes that InfluxDB understands are gone, the others stay. */
  private static String shown(String name) {
    LineWriter lines = new LineWriter();
    lines.point("m", new TreeMap<>(Map.of("t", name.isEmpty() ? "-" : name)));
    String text = new String(lines.toByteArray(), StandardCharsets.UTF_8);
    String value = text.substring("m,t=".length()).replaceAll("\\\\([,= ])", "$1");
    return name.isEmpty() ? "" : value;
  }

  private static String word(Random random, int most) {
    StringBuilder word = new StringBuilder();
    for (int length = random.nextInt(most + 1); length > 0; length--) {
      word.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return word.toString();
  }

  private static JsonNode series(InfluxProcess influx, String query) throws Exception {
    return new ObjectMapper().readTree(influx.query("t", query)).at("/results/0/series");
  }

  private static void write(InfluxProcess influx, String text) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(influx.url() + "/write?db=t&precision=u"))
                    .POST(HttpRequest.BodyPublishers.ofString(text))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }
}
