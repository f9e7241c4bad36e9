package io.tailrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A node of Elasticsearch or OpenSearch, of jars that {@code test-servers/} has got together. */
public final class SearchProcess implements AutoCloseable {
  /** Whose node it is. */
  public enum Kind {
    ELASTICSEARCH,
    OPENSEARCH
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int UNAVAILABLE = 503;

  /** Small and quick to start, which is what a test needs. */
  private static final List<String> FOR_TESTS =
      List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final ServerProcess process;
  private final String url;

  private SearchProcess(ServerProcess process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts one whose data, and log, are in the folder; anybody may do anything with it. */
  public static SearchProcess start(Kind kind, Path folder) {
    return start(kind, folder, FOR_TESTS);
  }

  /** Starts one with other options for its Java. */
  public static SearchProcess start(Kind kind, Path folder, List<String> jvm) {
    Path home = Path.of(System.getProperty("test.servers"), kind.name().toLowerCase(Locale.ROOT));
    LoopbackPorts ports = LoopbackPorts.choose(0);
    String url = "http://%s:%d".formatted(LoopbackPorts.HOST, ports.clients());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(
        List.of(
            "-cp",
            home.resolve("target/jars") + "/*",
            source(home).toString(),
            folder.toString(),
            String.valueOf(ports.clients()),
            String.valueOf(ports.controller())));
    ServerProcess process =
        new ServerProcess(
            kind.name(),
            folder.resolve("node.log"),
            command,
            Map.of(),
            URI.create(url + "/_cluster/health?wait_for_status=yellow&timeout=1s"));
    process.start();
    return new SearchProcess(process, url);
  }

  private static Path source(Path home) {
    try (Stream<Path> files = Files.list(home)) {
      return files.filter(file -> file.toString().endsWith(".java")).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("no test server in " + home, e);
    }
  }

  public String url() {
    return url;
  }

  /**
   * Sends JSON, which may be empty, and returns the JSON that is answered. A shard that is not
   * started yet, of an index that was just made or of a node that was, is waited for.
   */
  public String send(String method, String path, String json) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HttpResponse<String> answer = process.send(request);
    while (answer.statusCode() == UNAVAILABLE && System.nanoTime() - deadline < 0) {
      pause();
      answer = process.send(request);
    }
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(
          method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a shard was to start", e);
    }
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
