package io.tailrace.embedded;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An InfluxDB 1.x for tests that write to it, kill it and start it again. */
public final class InfluxProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ServerProcess process;
  private final String url;
  private String credentials = "";

  private InfluxProcess(Path folder, Map<String, String> settings) {
    LoopbackPorts ports = LoopbackPorts.choose(0);
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("INFLUXDB_REPORTING_DISABLED", "true");
    environment.put("INFLUXDB_META_DIR", folder.resolve("meta").toString());
    environment.put("INFLUXDB_DATA_DIR", folder.resolve("data").toString());
    environment.put("INFLUXDB_DATA_WAL_DIR", folder.resolve("wal").toString());
    environment.put("INFLUXDB_HTTP_BIND_ADDRESS", LoopbackPorts.HOST + ":" + ports.clients());
    environment.put("INFLUXDB_BIND_ADDRESS", LoopbackPorts.HOST + ":" + ports.controller());
    environment.put("INFLUXDB_HTTP_LOG_ENABLED", "false");
    this.url = "http://%s:%d".formatted(LoopbackPorts.HOST, ports.clients());
    this.process =
        new ServerProcess(
            "InfluxDB",
            folder.resolve("influxdb.log"),
            List.of(TestServer.INFLUXDB.program().toString(), "run"),
            environment,
            URI.create(url + "/ping"));
    process.start();
  }

  /** Starts one whose data, and log, are in the folder; anybody may do anything with it. */
  public static InfluxProcess start(Path folder) {
    return new InfluxProcess(folder, Map.of());
  }

  /** Starts one that asks for the name and the password of its only user. */
  public static InfluxProcess start(Path folder, String user, String password) {
    InfluxProcess influx = new InfluxProcess(folder, Map.of("INFLUXDB_HTTP_AUTH_ENABLED", "true"));
    influx.query(
        "CREATE USER \"%s\" WITH PASSWORD '%s' WITH ALL PRIVILEGES"
            .formatted(user, password.replace("\\", "\\\\").replace("'", "\\'")));
    String pair = user + ":" + password;
    influx.credentials =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return influx;
  }

  public String url() {
    return url;
  }

  /** Runs InfluxQL and returns the JSON it answers with. */
  public String query(String influxQl) {
    return query("", influxQl);
  }

  /** The same in a database; times are microseconds. */
  public String query(String database, String influxQl) {
    String form = "epoch=u&db=" + encode(database) + "&q=" + encode(influxQl);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/query"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(form));
    if (!credentials.isEmpty()) {
      request.header("Authorization", credentials);
    }
    HttpResponse<String> answer = process.send(request.build());
    if (answer.statusCode() != 200 || answer.body().contains("\"error\"")) {
      throw new IllegalStateException(influxQl + ": " + answer.statusCode() + " " + answer.body());
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

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
