package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinksCommandTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void listsAndDescribes() {
    assertThat(run("sinks", "list").lines())
        .anyMatch(line -> line.startsWith("results ") && line.endsWith("."));
    assertThat(run("sinks", "describe", "results").out())
        .contains("  results:", "    folder: results", "    batch_size: 1000", "filter:");
    Ran missing = run("sinks", "describe", "reslts");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("there is no sink named reslts yet; did you mean results?");
  }

  @Test
  void checksEachConfiguredTargetOnALineOfItsOwn() throws IOException {
    Files.writeString(folder.resolve("taken"), "");
    Files.writeString(
        folder.resolve("tailrace.yaml"),
        """
        integrations: {performance: {async: true}}
        outputs:
          results: {folder: out}
          second: {type: results, folder: taken}
          third: {type: results, enabled: false}
        """);
    Ran ran = run("sinks", "check");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.lines()).hasSize(2);
    assertThat(ran.lines().get(0)).matches("results +ok");
    assertThat(ran.lines().get(1)).startsWith("second ").contains("taken");
    assertThat(ran.err()).contains("integrations.performance.async has no effect: ");
    assertThat(run("sinks", "check", "results").exitCode()).isZero();
    assertThat(folder.resolve("out")).isEmptyDirectory();
  }

  @Test
  void aFaultyConfigurationStartsNothing() throws IOException {
    Files.writeString(
        folder.resolve("tailrace.yaml"), "outputs:\n  results: {foldr: x}\n  sundial: {}\n");
    for (String[] command : new String[][] {{"sinks", "check"}, {"sink", "all"}}) {
      Ran ran = run(command);
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err())
          .contains("outputs.results.foldr: unknown key; did you mean folder?")
          .contains("outputs.sundial: there is no sink named sundial yet");
    }
  }

  private Ran run(String... arguments) {
    return Ran.run(
        folder,
        Map.of("TAILRACE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1", "HOME", folder.toString()),
        arguments);
  }
}
