package io.tailrace.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generators with a small heap against a target that never ends its bodies; one that runs out of
 * memory ends at once.
 */
@Timeout(120)
class EndlessBodiesIT {

  private static final long HEAP_BYTES = 48 << 20;

  private final TargetServer target = TargetServer.start(Behaviour.PROMPT);

  @TempDir Path folder;

  @AfterEach
  void stop() {
    target.close();
  }

  @Test
  void bodiesThatNothingReadsAreNotKeptHoweverLongTheyAre() throws Exception {
    Said said =
        run(
            """
            target: "%s/?endless=true"
            load: {rate: 20, duration: 1s}
            http: {connections: 20, timeout: 4s, max_body: 1gb, drain: 10s}
            """
                .formatted(target.url()));
    assertThat(said.errors()).contains("timeout");
    assertThat(said.bytesReceived()).isGreaterThan(HEAP_BYTES);
  }

  @Test
  void bodiesThatAreReadAreKeptWithinABoundForAllOfThemTogether() throws Exception {
    Said said =
        run(
            """
            target: "%s"
            load: {rate: 60, duration: 2s}
            http: {connections: 40, timeout: 8s, max_body: 16mb, drain: 10s}
            scenarios: [{name: s, steps: [{get: "/?endless=true", check: {body: never sent}}]}]
            """
                .formatted(target.url()));
    assertThat(said.errors()).contains("no memory");
    assertThat(said.bytesReceived()).isGreaterThan(HEAP_BYTES / 8);
  }

  private record Said(long bytesReceived, String errors) {}

  private Said run(String yaml) throws IOException, InterruptedException {
    Path plan = Files.writeString(folder.resolve("plan.yaml"), yaml);
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + HEAP_BYTES,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                EngineProcess.class.getName(),
                plan.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String all = Files.readString(said);
    assertThat(process.exitValue()).as(all).isZero();
    String[] words = all.strip().split(" ", 4);
    assertThat(words).as(all).hasSize(4);
    assertThat(words[1]).as("finished of those due").isEqualTo(words[0]);
    return new Said(Long.parseLong(words[2]), words[3]);
  }
}
