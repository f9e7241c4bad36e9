package io.tailrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An InfluxDB 1.x in a process of its own, for tests that write to it, kill it and start it again.
 */
public final class InfluxProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final int port;
  private @Nullable Process process;
  private String credentials = "";

  private InfluxProcess(Path folder, Map<String, String> settings) {
    this.folder = folder;
    LoopbackPorts ports = LoopbackPorts.choose(0);
    this.port = ports.clients();
    environment.put("INFLUXDB_REPORTING_DISABLED", "true");
    environment.put("INFLUXDB_META_DIR", folder.resolve("meta").toString());
    environment.put("INFLUXDB_DATA_DIR", folder.resolve("data").toString());
    environment.put("INFLUXDB_DATA_WAL_DIR", folder.resolve("wal").toString());
    environment.put("INFLUXDB_HTTP_BIND_ADDRESS", LoopbackPorts.HOST + ":" + port);
    environment.put("INFLUXDB_BIND_ADDRESS", LoopbackPorts.HOST + ":" + ports.controller());
    environment.put("INFLUXDB_HTTP_LOG_ENABLED", "false");
    environment.putAll(settings);
  }

  /** Starts one whose data, and log, are in the folder; anybody may do anything with it. */
  public static InfluxProcess start(Path folder) {
    InfluxProcess influx = new InfluxProcess(folder, Map.of());
    influx.launch();
    return influx;
  }

  /** Starts one that asks for the name and the password of its only user. */
  public static InfluxProcess start(Path folder, String user, String password) {
    InfluxProcess influx = new InfluxProcess(folder, Map.of("INFLUXDB_HTTP_AUTH_ENABLED", "true"));
    influx.launch();
    influx.query(
        "CREATE USER \"%s\" WITH PASSWORD '%s' WITH ALL PRIVILEGES".formatted(user, password));
    String pair = user + ":" + password;
    influx.credentials =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return influx;
  }

  public String url() {
    return "http://%s:%d".formatted(LoopbackPorts.HOST, port);
  }

  /** Runs InfluxQL and returns the JSON it answers with. */
  public String query(String influxQl) {
    return query("", influxQl);
  }

  public String query(String database, String influxQl) {
    String form = "epoch=u&db=" + encode(database) + "&q=" + encode(influxQl);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + "/query"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(form));
    if (!credentials.isEmpty()) {
      request.header("Authorization", credentials);
    }
    HttpResponse<String> answer = send(request.build());
    if (answer.statusCode() != 200 || answer.body().contains("\"error\"")) {
      throw new IllegalStateException(influxQl + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  /** Ends the process as a power cut would (SIGKILL), and returns when it is gone. */
  public void kill() {
    Process running = running();
    running.destroyForcibly();
    try {
      running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while InfluxDB ended", e);
    }
    process = null;
  }

  /** Starts it again with its data and its address, once it has been killed. */
  public void startAgain() {
    if (process != null) {
      throw new IllegalStateException("InfluxDB is still running");
    }
    launch();
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }

  private void launch() {
    Path log = folder.resolve("influxdb.log");
    try {
      Files.createDirectories(folder);
      ProcessBuilder command =
          new ProcessBuilder(TestServer.INFLUXDB.program().toString(), "run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      command.environment().putAll(environment);
      Process started = command.start();
      process = started;
      awaitReady(started);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run InfluxDB in " + folder, e);
    }
  }

  private void awaitReady(Process started) throws IOException {
    HttpRequest ping =
        HttpRequest.newBuilder(URI.create(url() + "/ping")).timeout(PATIENCE).build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (started.isAlive() && System.nanoTime() < deadline) {
      try {
        if (send(ping).statusCode() == 204) {
          return;
        }
      } catch (UncheckedIOException e) {
        // Not listening yet.
      }
      try {
        if (started.waitFor(20, TimeUnit.MILLISECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    started.destroyForcibly();
    throw new IllegalStateException(
        "InfluxDB did not start:\n" + Files.readString(folder.resolve("influxdb.log")));
  }

  private Process running() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("InfluxDB is not running");
    }
    return current;
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("InfluxDB at " + url() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for InfluxDB", e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
