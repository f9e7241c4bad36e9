package io.tailrace.sink.process;

import io.tailrace.embedded.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sink that is killed and started again while it delivers. */
public final class SinkProcess implements AutoCloseable {
  private final List<String> command;
  private final Path log;
  private final Map<String, String> environment;
  private @Nullable Process process;

  /**
   * @param block the sink's block as YAML
   */
  public SinkProcess(
      Path folder, String sink, String block, Map<String, String> environment, String prefix)
      throws IOException {
    TestKafka kafka = TestKafka.shared();
    Path file = Files.writeString(folder.resolve(sink + ".yaml"), block);
    this.log = folder.resolve(sink + ".log");
    this.environment = Map.copyOf(environment);
    this.command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SinkMain.class.getName(),
            sink,
            file.toString(),
            kafka.bootstrapServers(),
            kafka.registryUrl(),
            prefix);
  }

  public void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /** Ends the process as a power cut would (SIGKILL), and returns when it is gone. */
  public void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
      process = null;
    }
  }

  /** What it has said, for the message of a test that fails. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
