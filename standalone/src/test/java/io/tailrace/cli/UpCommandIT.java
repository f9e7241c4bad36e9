package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What init writes, run as it is: everything in one process, a load against it, a verdict. */
class UpCommandIT {
  @TempDir private Path folder = Path.of("");

  private Ran run(String... arguments) {
    return Ran.run(folder, environment(), arguments);
  }

  private Map<String, String> environment() {
    return Map.of("XDG_STATE_HOME", folder.resolve("state").toString());
  }

  @Test
  void runsWhatInitWroteUntilItIsAskedToEnd() throws Exception {
    assertThat(run("init").exitCode()).isZero();
    Process up = start("up", "--set", "up.target_port=0");
    try (BufferedReader out = up.inputReader()) {
      Map<String, String> addresses = addresses(out);
      assertThat(addresses).containsOnlyKeys("kafka", "registry", "aggregator", "sinks", "target");

      Ran load =
          run(
              "load",
              "plan.yaml",
              "--run",
              "first",
              "--url",
              addresses.getOrDefault("target", ""),
              "--quiet",
              "--set",
              "aggregate.threads=1");
      assertThat(load.exitCode()).as(load.err()).isZero();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> run("verdict", "first").exitCode() == ExitCode.DONE);

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(folder.resolve("results/metrics.json")));
      String runs = addresses.getOrDefault("sinks", "").replace("/metrics", "/runs");
      assertThat(get(runs)).contains("load_test_requests_total{").contains("run_id=\"first\"");

      Ran doctor = run("doctor");
      assertThat(doctor.lines())
          .as(doctor.out())
          .contains("nothing is wrong")
          .anyMatch(line -> line.contains("results reaches its target"));
      assertThat(doctor.exitCode()).isZero();
      assertThat(folder.resolve("tailrace-data")).isDirectoryContaining("glob:**meta.properties");
    } finally {
      up.toHandle().destroy();
      boolean ended = up.waitFor(60, TimeUnit.SECONDS);
      up.destroyForcibly();
      assertThat(ended).isTrue();
    }
    assertThat(up.exitValue()).isEqualTo(143);
    assertThat(LocalCluster.running(environment())).isEmpty();
  }

  @Test
  void saysWhichPortIsTakenAndLeavesNothingRunning() throws Exception {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(holder.getLocalPort());
      Process up = start("up", "--set", "up.kafka_port=" + port);
      assertThat(up.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(up.exitValue()).isEqualTo(1);
      assertThat(up.errorReader().lines())
          .anyMatch(line -> line.contains("port " + port + " on 127.0.0.1 is taken"));
    }
  }

  @Test
  void saysThatTheClusterDoesNotAnswer() {
    Ran ran =
        run(
            "up",
            "--bootstrap-server",
            "127.0.0.1:1",
            "--set",
            "kafka.default.api.timeout.ms=2000",
            "--set",
            "kafka.request.timeout.ms=1000");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.errors())
        .singleElement()
        .asString()
        .contains("no answer from Kafka at 127.0.0.1:1 within 2000ms; is it running");
  }

  @Test
  void refusesToBeAClusterAndToUseOne() {
    Ran ran = run("up", "--bootstrap-server", "127.0.0.1:1", "--services", "kafka,aggregator");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.errors()).singleElement().asString().contains("up.services", "one of the two");
  }

  @Test
  void namesTheServicesThereAre() {
    Ran ran = run("up", "--services", "kafka,aggregate");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("up.services", "kafka, registry, aggregator, sinks, target");
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** What each part answers at, once all of them do. */
  private static Map<String, String> addresses(BufferedReader out) throws IOException {
    Map<String, String> addresses = new LinkedHashMap<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("ready")) {
        return addresses;
      }
      String[] words = line.split(" +", 2);
      addresses.put(words[0], words[1]);
    }
    throw new IllegalStateException("it ended after " + addresses);
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.add(Tailrace.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment());
    return builder.start();
  }
}
