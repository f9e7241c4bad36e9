package io.tailrace.sink.influxdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.embedded.InfluxProcess;
import io.tailrace.sink.process.PublishedWindows;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** What a database holds, read with plain InfluxQL. */
final class InfluxContents {
  private static final ObjectMapper JSON = new ObjectMapper();

  private InfluxContents() {}

  /** The requests of every point of the database load, by run, series, time and supplement. */
  static Map<String, Long> requests(InfluxProcess influx, String measurement) throws IOException {
    Map<String, Long> requests = new TreeMap<>();
    JsonNode answer =
        JSON.readTree(influx.query("load", "SELECT requests FROM " + measurement + " GROUP BY *"));
    for (JsonNode series : answer.at("/results/0/series")) {
      JsonNode tags = series.path("tags");
      for (JsonNode row : series.path("values")) {
        String key =
            PublishedWindows.key(
                tags.path("run_id").asText(),
                // What follows a backslash at the end is no part of the name.
                tags.path("series").asText().replace("\\␛", "\\"),
                row.path(0).asLong(),
                tags.path("supplement").asText());
        assertThat(requests.put(key, row.path(1).asLong())).as("one point for " + key).isNull();
      }
    }
    return requests;
  }
}
