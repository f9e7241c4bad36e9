package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
  void isNotFoundWhenItsProcessIsGoneOrTheFileMakesNoSense() throws Exception {
    Path file = Files.createDirectories(folder.resolve("tailrace")).resolve("cluster.properties");

    Files.writeString(file, "bootstrap.servers=127.0.0.1:1\npid=" + Integer.MAX_VALUE);
    assertThat(LocalCluster.running(environment())).isEmpty();

    Files.writeString(file, "bootstrap.servers=127.0.0.1:1\npid=me \\u00");
    assertThat(LocalCluster.running(environment())).isEmpty();
  }
}
