package io.tailrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Somebody else's HTTP server in a process of its own, killed and started again at will. */
final class ServerProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String name;
  private final Path log;
  private final List<String> command;
  private final Map<String, String> environment;
  private final URI ready;
  private @Nullable Process process;

  /**
   * @param ready answers with a status below 300 when the server takes requests
   */
  ServerProcess(
      String name, Path log, List<String> command, Map<String, String> environment, URI ready) {
    this.name = name;
    this.log = log;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.ready = ready;
  }

  void start() {
    if (process != null) {
      throw new IllegalStateException(name + " is still running");
    }
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      Process started = builder.start();
      process = started;
      awaitReady(started);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " started", e);
    }
  }

  private void awaitReady(Process started) throws IOException, InterruptedException {
    HttpRequest probe = HttpRequest.newBuilder(ready).timeout(PATIENCE).build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try {
        if (send(probe).statusCode() < 300) {
          return;
        }
      } catch (UncheckedIOException e) {
        // Not listening yet.
      }
      if (started.waitFor(20, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    started.destroyForcibly();
    process = null;
    throw new IllegalStateException(name + " did not start:\n" + Files.readString(log));
  }

  /** Ends the process as a power cut would (SIGKILL), and returns when it is gone. */
  void kill() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException(name + " is not running");
    }
    process = null;
    running.destroyForcibly();
    try {
      running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " ended", e);
    }
  }

  boolean isRunning() {
    return process != null;
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + name, e);
    }
  }
}
