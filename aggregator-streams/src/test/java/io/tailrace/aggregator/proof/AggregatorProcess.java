package io.tailrace.aggregator.proof;

import io.tailrace.aggregator.app.FaultyAggregator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An aggregator in a process of its own, to be killed. */
final class AggregatorProcess implements AutoCloseable {
  private static final String MAIN = FaultyAggregator.class.getName();
  private static final String RUNNING = "aggregator RUNNING";
  private static final String FAULT = "aggregator FAULT";

  private final Process process;
  private final String name;
  private final AtomicInteger timesRunning = new AtomicInteger();
  private final AtomicInteger faults = new AtomicInteger();

  private AggregatorProcess(Process process, String name) {
    this.process = process;
    this.name = name;
    Thread reader = new Thread(this::watch, name + "-stdout");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts an instance whose configuration and log are kept in the folder.
   *
   * @param systemProperties such as {@code tailrace.fault=mid-forward:3}
   */
  static AggregatorProcess start(
      Path folder, String name, Properties configuration, String... systemProperties) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(name + ".properties");
      try (Writer writer = Files.newBufferedWriter(file)) {
        configuration.store(writer, null);
      }
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      for (String property : systemProperties) {
        command.add("-D" + property);
      }
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, file.toString()));
      Process process =
          new ProcessBuilder(command)
              .redirectError(
                  ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
              .start();
      return new AggregatorProcess(process, name);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start an aggregator in " + folder, e);
    }
  }

  String name() {
    return name;
  }

  /** How often it has said that it is running; more than once when it had to start over. */
  int timesRunning() {
    return timesRunning.get();
  }

  /** How many faults it has injected into itself. */
  int faults() {
    return faults.get();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it has come to the point where it was told to halt. */
  boolean hasHalted() {
    return !process.isAlive() && process.exitValue() == FaultyAggregator.HALTED;
  }

  /** Ends it as a power cut would. */
  void kill() {
    process.destroyForcibly();
    awaitEnd(30);
  }

  /** Ends it as an operator would. */
  void stop() {
    process.destroy();
    if (!awaitEnd(60)) {
      kill();
      throw new AssertionError(name + " did not stop within a minute");
    }
  }

  boolean awaitEnd(int seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " ended", e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  private void watch() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(RUNNING)) {
          timesRunning.incrementAndGet();
        } else if (line.contains(FAULT)) {
          faults.incrementAndGet();
        }
      }
    } catch (IOException e) {
      // The process has been killed, and its pipe with it.
    }
  }
}
