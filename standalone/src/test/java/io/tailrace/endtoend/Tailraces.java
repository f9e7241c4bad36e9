package io.tailrace.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.cli.Tailrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Commands of a test, each in a process of its own, with what they said. */
final class Tailraces implements AutoCloseable {
  private final Path folder;
  private final Map<String, String> environment;
  private final Map<String, Process> running = new LinkedHashMap<>();

  Tailraces(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /** Starts a command; what it prints goes to a file of that name. */
  Process start(String name, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.apache.kafka.automatic.config.providers=none",
                "-cp",
                System.getProperty("java.class.path"),
                Tailrace.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output(name).toFile());
    builder.environment().put("XDG_STATE_HOME", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    running.put(name, process);
    return process;
  }

  private Path output(String name) {
    return folder.resolve(name + ".out");
  }

  /** Until a service says where it answers. */
  void awaitAddress(String name) throws Exception {
    Process process = Objects.requireNonNull(running.get(name), name);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!Files.readString(output(name)).contains("http://127.0.0.1:")) {
      assertThat(process.isAlive() && System.nanoTime() < end).as("%s\n%s", name, said()).isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  void awaitSuccess(String name, int seconds) throws Exception {
    Process process = Objects.requireNonNull(running.get(name), name);
    assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
        .as("%s ended\n%s", name, said())
        .isTrue();
    assertThat(process.exitValue()).as("%s\n%s", name, said()).isZero();
  }

  /** Asks a process to end, and waits until it has drained. */
  void stop(String name) throws Exception {
    Process process = Objects.requireNonNull(running.get(name), name);
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s drained\n%s", name, said()).isTrue();
    assertThat(process.exitValue()).as("%s\n%s", name, said()).isEqualTo(143);
  }

  /** What all have printed so far. */
  String said() throws IOException {
    StringBuilder said = new StringBuilder();
    for (String name : running.keySet()) {
      said.append("--- ").append(name).append('\n').append(Files.readString(output(name)));
    }
    return said.toString();
  }

  @Override
  public void close() {
    running.values().forEach(Process::destroyForcibly);
  }
}
