package io.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.cli.Tailrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demonstration that is stopped, or cannot begin, ends with a sentence and leaves nothing. */
class DemoTroubleIT {
  private static final int INTERRUPTED = 130;
  private static final int TERMINATED = 143;

  @TempDir private Path folder = Path.of("");
  private final List<Process> running = new ArrayList<>();

  @BeforeEach
  void makeATemporaryFolder() throws IOException {
    Files.createDirectories(folder.resolve("tmp"));
  }

  @AfterEach
  void stop() {
    running.forEach(Process::destroyForcibly);
  }

  @Test
  void stoppedWhileItStartsItLeavesNothing() throws Exception {
    Process demo = start("first");
    awaitLine(demo, "first", "Starting Kafka");
    awaitTemporaryFolder(demo);
    assertStops(demo, "first");
  }

  @Test
  void stoppedInTheMiddleOfTheLoadItLeavesNothing() throws Exception {
    Process demo = start("second");
    awaitLine(demo, "second", "  00:01 ");
    assertThat(folder.resolve("state/tailrace/cluster.properties")).exists();
    assertStops(demo, "second");
  }

  @Test
  void aFolderThatAnotherBrokerUsesIsRefused() throws Exception {
    Process first = start("first", "--data", "data");
    awaitLine(first, "first", "Look around");
    Process second = start("second", "--data", "data");
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(said("second"))
        .contains(folder.resolve("data") + " is in use by another running broker");
    assertStops(first, "first");
  }

  @Test
  void resultsThatCannotBeWrittenAreSaidBeforeAnythingStarts() throws Exception {
    Files.writeString(folder.resolve("taken"), "");
    Process demo = start("demo", "--results", "taken/results");
    assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).isEqualTo(1);
    assertThat(said("demo").lines())
        .singleElement()
        .asString()
        .contains(folder.resolve("taken") + " is a file", "--results DIR");
    assertNothingIsLeft();
  }

  private void assertStops(Process demo, String name) throws Exception {
    boolean interrupted = interrupt(demo);
    assertThat(demo.waitFor(60, TimeUnit.SECONDS)).as(said(name)).isTrue();
    assertThat(demo.exitValue()).as(said(name)).isEqualTo(interrupted ? INTERRUPTED : TERMINATED);
    assertThat(said(name)).doesNotContain("Exception", "rror:", "failed", "VERDICT");
    assertNothingIsLeft();
  }

  /** As Ctrl-C does; where this process ignores it, so do its children: then as kill does. */
  private static boolean interrupt(Process process) throws Exception {
    long ignored =
        Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .findFirst()
            .orElse(0);
    boolean heard = (ignored & 2) == 0;
    Process kill =
        new ProcessBuilder("kill", heard ? "-INT" : "-TERM", Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    return heard;
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
    assertThat(folder.resolve("state/tailrace/cluster.properties")).doesNotExist();
  }

  private void awaitLine(Process demo, String name, String start) throws Exception {
    await(demo, name, () -> said(name).lines().anyMatch(line -> line.contains(start)));
  }

  private void awaitTemporaryFolder(Process demo) throws Exception {
    await(
        demo,
        "first",
        () -> {
          try (Stream<Path> temporary = Files.list(folder.resolve("tmp"))) {
            return temporary.anyMatch(path -> path.toString().contains("tailrace-kafka-"));
          }
        });
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(Process demo, String name, Condition condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!condition.holds()) {
      assertThat(demo.isAlive() && System.nanoTime() < end).as(said(name)).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private String said(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  private Process start(String name, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.apache.kafka.automatic.config.providers=none",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-cp",
                System.getProperty("java.class.path"),
                Tailrace.class.getName(),
                "demo",
                "--rate",
                "50"));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name).toFile());
    builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    Process process = builder.start();
    running.add(process);
    return process;
  }
}
