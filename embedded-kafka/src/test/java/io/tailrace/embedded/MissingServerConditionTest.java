package io.tailrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingServerConditionTest {
  private static final List<TestServer> NEEDED = List.of(TestServer.PROMETHEUS);

  @TempDir private Path folder;
  private Path servers;
  private Path notRun;

  @BeforeEach
  void choose() {
    servers = folder.resolve("servers");
    notRun = folder.resolve("not-run");
  }

  @Test
  void leavesTestsOutAndSaysSoWhereAPersonBuilds() throws IOException {
    var result = MissingServerCondition.decide("ExampleIT", NEEDED, environment(), notRun);
    assertThat(result.isDisabled()).isTrue();
    assertThat(notRun.resolve("ExampleIT.txt"))
        .hasContent(
            "NOT RUN: ExampleIT: prometheus was not found, neither unpacked nor on the PATH;"
                + " run .ci/servers to get it\n");
  }

  @Test
  void failsWhereNothingMayBeLeftOut() {
    Map<String, String> environment =
        Map.of("TAILRACE_SERVERS", servers.toString(), "PATH", "", "CI", "true");
    assertThatThrownBy(
            () -> MissingServerCondition.decide("ExampleIT", NEEDED, environment, notRun))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ExampleIT cannot run: prometheus was not found");
  }

  @Test
  void runsTestsWhoseServerIsThereAndTakesTheEarlierNoteBack() throws IOException {
    MissingServerCondition.decide("ExampleIT", NEEDED, environment(), notRun);
    Path programs = Files.createDirectories(servers.resolve("prometheus/usr/bin"));
    Path program = programs.resolve("prometheus");
    assertThat(Files.createFile(program).toFile().setExecutable(true)).isTrue();

    var result = MissingServerCondition.decide("ExampleIT", NEEDED, environment(), notRun);
    assertThat(result.isDisabled()).isFalse();
    assertThat(notRun).isEmptyDirectory();
    assertThat(TestServer.PROMETHEUS.find(environment())).contains(program);
    assertThat(TestServer.PROMETHEUS.find(Map.of("PATH", programs.toString()))).contains(program);
  }

  private Map<String, String> environment() {
    return Map.of("TAILRACE_SERVERS", servers.toString(), "PATH", "");
  }
}
