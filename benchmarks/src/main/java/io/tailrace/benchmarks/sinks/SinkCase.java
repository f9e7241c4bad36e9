package io.tailrace.benchmarks.sinks;

import io.tailrace.embedded.InfluxProcess;
import io.tailrace.embedded.SearchProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One sink and the server it is measured against. */
enum SinkCase {
  INFLUXDB("influxdb") {
    @Override
    Target start(Path folder) {
      InfluxProcess influx = InfluxProcess.start(folder);
      return new Target(influx.url(), influx::kill, influx::startAgain, influx::close);
    }

    @Override
    String block(String url) {
      return "url: %s\ndatabase: bench\nretention_policy: inf\nmeasurement: m\nevents: false\n"
          .formatted(url);
    }

    @Override
    String answer(String path) {
      return path.startsWith("/query")
          ? "{\"results\":[{\"series\":[{\"values\":[[\"inf\"]]}]}]}"
          : "";
    }

    @Override
    boolean carriesAggregates(String path) {
      return path.startsWith("/write");
    }

    @Override
    int aggregates(byte[] body) {
      return lines(body);
    }
  },
  OPENSEARCH("elasticsearch") {
    @Override
    Target start(Path folder) {
      SearchProcess search = SearchProcess.start(SearchProcess.Kind.OPENSEARCH, folder);
      return new Target(search.url(), search::kill, search::startAgain, search::close);
    }

    @Override
    String block(String url) {
      return "hosts: [\"%s\"]\nevents: false\n".formatted(url);
    }

    @Override
    String answer(String path) {
      return path.equals("/")
          ? "{\"version\":{\"number\":\"2.19.5\",\"distribution\":\"opensearch\"}}"
          : "{\"errors\":false}";
    }

    @Override
    boolean carriesAggregates(String path) {
      return path.startsWith("/_bulk");
    }

    @Override
    int aggregates(byte[] body) {
      return lines(body) / 2;
    }
  };

  /** A server that is running, and how to take it away for a while. */
  record Target(String url, Runnable kill, Runnable startAgain, Runnable close) {}

  private final String sink;

  SinkCase(String sink) {
    this.sink = sink;
  }

  /** The sink's name. */
  String sink() {
    return sink;
  }

  abstract Target start(Path folder);

  /** The sink's block as YAML. */
  abstract String block(String url);

  /** What a stand-in answers while the sink's requests are recorded; empty for 204. */
  abstract String answer(String path);

  abstract boolean carriesAggregates(String path);

  abstract int aggregates(byte[] body);

  private static int lines(byte[] body) {
    return (int) new String(body, StandardCharsets.UTF_8).lines().count();
  }
}
