package io.tailrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Apicurio's registry in a process of its own, shared by the tests of this JVM. */
final class ApicurioProcess {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final String url;

  private ApicurioProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts it when first asked; it ends with the JVM. */
  static ApicurioProcess shared() {
    return Shared.INSTANCE;
  }

  /** Where it speaks Confluent's protocol. */
  String url() {
    return url;
  }

  private static final class Shared {
    static final ApicurioProcess INSTANCE = launch();
  }

  private static ApicurioProcess launch() {
    Path home = Path.of(System.getProperty("apicurio.home"));
    LoopbackPorts ports = LoopbackPorts.choose(0);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dquarkus.http.host=" + LoopbackPorts.HOST,
            "-Dquarkus.http.port=" + ports.clients(),
            "-Dquarkus.management.host=" + LoopbackPorts.HOST,
            "-Dquarkus.management.port=" + ports.controller(),
            "-Dapicurio.datasource.jdbc.initial-size=2",
            "-Dapicurio.datasource.jdbc.min-size=2",
            "-jar",
            home.resolve("apicurio-registry-app-3.0.9-runner.jar").toString());
    Path log = home.resolve("apicurio.log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Runtime.getRuntime()
          .addShutdownHook(new Thread(process::destroyForcibly, "apicurio-shutdown"));
      ApicurioProcess started =
          new ApicurioProcess(
              process,
              "http://%s:%d/apis/ccompat/v7".formatted(LoopbackPorts.HOST, ports.clients()));
      started.awaitReady(log);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run Apicurio's registry", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Apicurio's registry started", e);
    }
  }

  private void awaitReady(Path log) throws IOException, InterruptedException {
    RegistryProbe probe = new RegistryProbe(url);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      try {
        if (probe.get("/subjects").status() == 200) {
          return;
        }
      } catch (UncheckedIOException e) {
        // Not listening yet.
      }
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException("Apicurio's registry did not start:\n" + Files.readString(log));
  }
}
