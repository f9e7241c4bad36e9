package io.tailrace.sink.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.embedded.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A Prometheus or a Pushgateway of a test, which can be killed and started again. */
final class LocalServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> command;
  private final Path log;
  private final int port;
  private @Nullable Process process;

  private LocalServer(Path folder, int port, List<String> command) {
    this.log = folder.resolve("server-" + port + ".log");
    this.port = port;
    this.command = command;
  }

  /** A Prometheus with the receiver of remote write and native histograms. */
  static LocalServer prometheus(Path folder, String settings) throws Exception {
    int port = freePort();
    Path config = Files.writeString(folder.resolve("prometheus-" + port + ".yml"), settings);
    LocalServer server =
        new LocalServer(
            folder,
            port,
            List.of(
                TestServer.PROMETHEUS.program().toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data-" + port),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.enable-remote-write-receiver",
                "--enable-feature=native-histograms",
                "--web.console.templates=" + folder,
                "--web.console.libraries=" + folder));
    server.start();
    return server;
  }

  static LocalServer pushgateway(Path folder) throws Exception {
    int port = freePort();
    LocalServer server =
        new LocalServer(
            folder,
            port,
            List.of(
                TestServer.PUSHGATEWAY.program().toString(),
                "--web.listen-address=127.0.0.1:" + port,
                "--persistence.file="));
    server.start();
    return server;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  void start() throws Exception {
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process = started;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isReady()) {
      if (started.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() - end > 0) {
        throw new IllegalStateException("did not start:\n" + Files.readString(log));
      }
    }
  }

  private boolean isReady() throws Exception {
    try {
      return send("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** As a power cut would. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  String get(String path) throws Exception {
    HttpResponse<String> answer = send(path);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private HttpResponse<String> send(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path)).timeout(PATIENCE).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** The answer to a query at a moment: values by the value of one label, empty without it. */
  Map<String, Double> query(String promQl, double atSeconds, String label) throws Exception {
    String path =
        "/api/v1/query?query=%s&time=%.3f"
            .formatted(URLEncoder.encode(promQl, StandardCharsets.UTF_8), atSeconds);
    Map<String, Double> values = new TreeMap<>();
    for (JsonNode each : JSON.readTree(get(path)).path("data").path("result")) {
      double value = Double.parseDouble(each.path("value").path(1).asText());
      values.put(each.path("metric").path(label).asText(""), value);
    }
    return values;
  }

  /** What promtool finds wrong with a text; it also has opinions on names. */
  static List<String> faults(String exposition) throws Exception {
    Process promtool =
        new ProcessBuilder(TestServer.PROMTOOL.program().toString(), "check", "metrics")
            .redirectErrorStream(true)
            .start();
    promtool.getOutputStream().write(exposition.getBytes(StandardCharsets.UTF_8));
    promtool.getOutputStream().close();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>(said.lines().toList());
    if (promtool.waitFor() == 1) {
      lines.add("promtool could not read it");
    }
    return lines;
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
