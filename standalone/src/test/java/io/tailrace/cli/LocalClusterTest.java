package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.config.KafkaConnection;
import io.tailrace.service.Shutdown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalClusterTest {
  @TempDir private Path folder = Path.of("");

  private Map<String, String> environment() {
    return Map.of("XDG_STATE_HOME", folder.toString());
  }

  @Test
  void isFoundFromItsAnnouncementUntilThatIsClosed() throws Exception {
    try (AutoCloseable announcement =
        LocalCluster.announce(environment(), "127.0.0.1:1", "http://127.0.0.1:2")) {
      assertThat(announcement).isNotNull();
      assertThat(LocalCluster.running(environment()))
          .contains(
              new LocalCluster("127.0.0.1:1", "http://127.0.0.1:2", ProcessHandle.current().pid()));
    }
    assertThat(LocalCluster.running(environment())).isEmpty();
  }

  @Test
  void whoCameFirstKeepsBeingFoundAndTheOtherSaysHowItIsReached() throws Exception {
    KafkaConnection second =
        KafkaConnection.of(
            Map.of(
                "bootstrap.servers",
                "127.0.0.1:3",
                KafkaConnection.REGISTRY_URL,
                "http://127.0.0.1:4"));
    Shutdown shutdown = Shutdown.install(Duration.ofSeconds(1));
    try (AutoCloseable first = LocalCluster.announce(environment(), "127.0.0.1:1", "")) {
      assertThat(first).isNotNull();
      assertThat(LocalCluster.announce(environment(), second, shutdown))
          .hasValueSatisfying(
              said ->
                  assertThat(said)
                      .contains("process " + ProcessHandle.current().pid())
                      .contains("--bootstrap-server 127.0.0.1:3")
                      .contains("--schema-registry http://127.0.0.1:4"));
      assertThat(LocalCluster.running(environment()))
          .hasValueSatisfying(
              found -> assertThat(found.bootstrapServers()).isEqualTo("127.0.0.1:1"));
    }
    assertThat(LocalCluster.announce(environment(), second, shutdown)).isEmpty();
    assertThat(LocalCluster.running(environment()))
        .hasValueSatisfying(found -> assertThat(found.bootstrapServers()).isEqualTo("127.0.0.1:3"));
  }

  @Test
  void whatCannotBeAnnouncedSaysHowItIsReached() throws Exception {
    Files.writeString(folder.resolve("tailrace"), "a file where the folder should be");
    KafkaConnection kafka = KafkaConnection.of(Map.of("bootstrap.servers", "127.0.0.1:3"));
    assertThat(LocalCluster.announce(environment(), kafka, Shutdown.install(Duration.ofSeconds(1))))
        .hasValueSatisfying(
            said ->
                assertThat(said)
                    .contains("cannot write " + folder.resolve("tailrace"))
                    .contains("--bootstrap-server 127.0.0.1:3"));
  }

  @Test
  void isNotFoundWhenItsProcessIsGoneOrTheFileMakesNoSense() throws Exception {
    Path file = Files.createDirectories(folder.resolve("tailrace")).resolve("cluster.properties");

    Files.writeString(file, "bootstrap.servers=127.0.0.1:1\npid=" + Integer.MAX_VALUE);
    assertThat(LocalCluster.running(environment())).isEmpty();

    Files.writeString(file, "bootstrap.servers=127.0.0.1:1\npid=me \\u00");
    assertThat(LocalCluster.running(environment())).isEmpty();
  }
}
