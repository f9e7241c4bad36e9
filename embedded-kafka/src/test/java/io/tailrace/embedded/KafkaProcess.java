package io.tailrace.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A broker in a process of its own, for tests that kill it and start it again where it was. */
public final class KafkaProcess implements AutoCloseable {
  private final Path folder;
  private final Map<String, String> properties;
  private @Nullable Process process;
  private String bootstrapServers;

  private KafkaProcess(Path folder, Map<String, String> properties) {
    this.folder = folder;
    this.properties = new TreeMap<>(properties);
    // How long a killed broker's next life has to wait: here it is killed on purpose.
    this.properties.putIfAbsent("broker.session.timeout.ms", "4000");
    this.bootstrapServers = launch(0);
  }

  /** Starts a broker whose data, and log, are in the folder. */
  public static KafkaProcess start(Path folder) {
    return start(folder, Map.of());
  }

  public static KafkaProcess start(Path folder, Map<String, String> properties) {
    return new KafkaProcess(folder, properties);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public long pid() {
    return running().pid();
  }

  /** Ends the process as a power cut would (SIGKILL), and returns when it is gone. */
  public void kill() {
    running().destroyForcibly();
    await();
  }

  /** Ends the process as an operator would (SIGTERM), and returns when it is gone. */
  public void stop() {
    running().destroy();
    await();
  }

  /** Starts the broker again with its data and its address, once it has been killed or stopped. */
  public void startAgain() {
    if (process != null) {
      throw new IllegalStateException("the broker is still running");
    }
    bootstrapServers =
        launch(Integer.parseInt(bootstrapServers.substring(bootstrapServers.indexOf(':') + 1)));
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }

  /** The command line of a broker with these arguments. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Small and quick to start: it is one of many processes of a test machine.
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(EmbeddedKafkaMain.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private String launch(int port) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--data", folder.resolve("data").toString(), "--port", String.valueOf(port)));
    properties.forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
    Path log = folder.resolve("broker.log");
    try {
      Files.createDirectories(folder);
      Process started =
          new ProcessBuilder(command(arguments.toArray(String[]::new)))
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process = started;
      @Nullable String address =
          new BufferedReader(
                  new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      if (address == null) {
        await();
        throw new IllegalStateException("the broker did not start:\n" + Files.readString(log));
      }
      return address;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run a broker in " + folder, e);
    }
  }

  private Process running() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("the broker is not running");
    }
    return current;
  }

  private void await() {
    try {
      if (!running().waitFor(60, TimeUnit.SECONDS)) {
        running().destroyForcibly().waitFor();
        throw new IllegalStateException("the broker did not end within a minute");
      }
      process = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the broker ended", e);
    }
  }
}
