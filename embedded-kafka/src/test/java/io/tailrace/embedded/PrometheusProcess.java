package io.tailrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A Prometheus that takes remote write and native histograms, for tests that write to it. */
public final class PrometheusProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ServerProcess process;
  private final String url;

  private PrometheusProcess(ServerProcess process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts one whose data, and log, are in the folder, and which scrapes nothing. */
  public static PrometheusProcess start(Path folder) {
    int port = LoopbackPorts.choose(0).clients();
    String url = "http://%s:%d".formatted(LoopbackPorts.HOST, port);
    Path config = folder.resolve("prometheus.yml");
    try {
      Files.createDirectories(folder);
      Files.writeString(config, "");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + config, e);
    }
    ServerProcess process =
        new ServerProcess(
            "Prometheus",
            folder.resolve("prometheus.log"),
            List.of(
                TestServer.PROMETHEUS.program().toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=%s:%d".formatted(LoopbackPorts.HOST, port),
                "--web.enable-remote-write-receiver",
                "--enable-feature=native-histograms",
                "--web.console.templates=" + folder,
                "--web.console.libraries=" + folder),
            Map.of(),
            URI.create(url + "/-/ready"));
    process.start();
    return new PrometheusProcess(process, url);
  }

  public String url() {
    return url;
  }

  /** Runs PromQL as of a moment and returns the JSON it answers with. */
  public String query(String promQl, double atSeconds) {
    String query =
        String.format(
            Locale.ROOT,
            "/api/v1/query?query=%s&time=%.3f",
            URLEncoder.encode(promQl, StandardCharsets.UTF_8),
            atSeconds);
    HttpResponse<String> answer =
        process.send(HttpRequest.newBuilder(URI.create(url + query)).timeout(PATIENCE).build());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(promQl + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  /** Ends the process as a power cut would (SIGKILL), and returns when it is gone. */
  public void kill() {
    process.kill();
  }

  /** Starts it again with its data and its address, once it has been killed. */
  public void startAgain() {
    process.start();
  }

  @Override
  public void close() {
    if (process.isRunning()) {
      process.kill();
    }
  }
}
