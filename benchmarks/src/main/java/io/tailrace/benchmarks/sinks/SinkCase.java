package io.tailrace.benchmarks.sinks;

import io.tailrace.embedded.InfluxProcess;
import io.tailrace.embedded.PrometheusProcess;
import io.tailrace.embedded.SearchProcess;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.provider.SinkProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xerial.snappy.Snappy;

/** One sink and the server it is measured against. */
enum SinkCase {
  PROMETHEUS("prometheus") {
    @Override
    Target start(Path folder) {
      PrometheusProcess prometheus = PrometheusProcess.start(folder);
      return new Target(
          prometheus.url(), prometheus::kill, prometheus::startAgain, prometheus::close);
    }

    @Override
    String block(String url) {
      return "endpoint: %s\nscrape: false\n".formatted(url);
    }

    @Override
    String answer(String path) {
      return "";
    }

    @Override
    boolean carriesAggregates(String path) {
      return path.startsWith("/api/v1/write");
    }

    @Override
    int aggregates() {
      return 5_000_000;
    }

    @Override
    HttpTarget dressed(HttpTarget target) {
      return target
          .withGzip(false)
          .withHeader("Content-Encoding", "snappy")
          .withHeader("X-Prometheus-Remote-Write-Version", "0.1.0");
    }

    /** Prometheus refuses what is out of order: a run's requests follow each other. */
    @Override
    int lane(byte[] body, int number) {
      try {
        Matcher run = RUN.matcher(new String(Snappy.uncompress(body), StandardCharsets.ISO_8859_1));
        if (!run.find()) {
          throw new IllegalStateException("a request of no run");
        }
        return Integer.parseInt(run.group(1));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  },
  INFLUXDB("influxdb") {
    @Override
    Target start(Path folder) {
      InfluxProcess influx = InfluxProcess.start(folder);
      influx.query("CREATE DATABASE bench WITH DURATION INF NAME forever");
      return new Target(influx.url(), influx::kill, influx::startAgain, influx::close);
    }

    @Override
    String block(String url) {
      return "url: %s\ndatabase: bench\nretention_policy: forever\nmeasurement: m\nevents: false\n"
          .formatted(url);
    }

    @Override
    String answer(String path) {
      return path.startsWith("/query")
          ? "{\"results\":[{\"series\":[{\"values\":[[\"forever\"]]}]}]}"
          : "";
    }

    @Override
    boolean carriesAggregates(String path) {
      return path.startsWith("/write");
    }
  },
  OPENSEARCH("elasticsearch") {
    @Override
    Target start(Path folder) {
      findTestServers();
      // With the memory of a small server: in less it answers 429 to the bare loop.
      SearchProcess search =
          SearchProcess.start(SearchProcess.Kind.OPENSEARCH, folder, List.of("-Xmx2g"));
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
    boolean isPreparedBySink() {
      return true;
    }
  };

  private static final String TEST_SERVERS = "test.servers";
  private static final int MANY = 400_000;
  private static final Pattern RUN = Pattern.compile("run-(\\d+)");

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

  /** How many are to be delivered until what is compiled once does not decide. */
  int aggregates() {
    return MANY;
  }

  /** Attempts that the sink has under way at once: what its provider says suits the target. */
  int attempts() {
    return provider().tuning().parallelism();
  }

  /** Its jars are no program of their own: the build gets them together. */
  private static void findTestServers() {
    if (System.getProperty(TEST_SERVERS) != null) {
      return;
    }
    Path script = Path.of(System.getProperty("tailrace.command", "tailrace")).toAbsolutePath();
    Path servers = script.resolveSibling("test-servers");
    if (!Files.isDirectory(servers.resolve("opensearch/target/jars"))) {
      throw new IllegalStateException(
          "no jars of OpenSearch in "
              + servers
              + ": build them with mvn package -pl test-servers/opensearch, or name the folder"
              + " with -D"
              + TEST_SERVERS);
    }
    System.setProperty(TEST_SERVERS, servers.toString());
  }

  SinkProvider provider() {
    return Sinks.provider(sink);
  }

  abstract Target start(Path folder);

  /** The sink's block as YAML. */
  abstract String block(String url);

  /** What a stand-in answers while the sink's requests are recorded; empty for 204. */
  abstract String answer(String path);

  abstract boolean carriesAggregates(String path);

  /** Whether the bare loop finds what the sink makes with its first batch, such as templates. */
  boolean isPreparedBySink() {
    return false;
  }

  /** With the headers that the sink sends with every request. */
  HttpTarget dressed(HttpTarget target) {
    return target;
  }

  /** Bodies of one lane must arrive in their order. */
  int lane(byte[] body, int number) {
    return number;
  }
}
