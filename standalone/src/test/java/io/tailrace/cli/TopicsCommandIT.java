package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopicsCommandIT {
  @TempDir private Path folder = Path.of("");
  private final EmbeddedKafka kafka = EmbeddedKafka.start();
  private Map<String, String> environment = Map.of();

  @BeforeAll
  void useAnEmptyStateFolder() {
    environment = Map.of("XDG_STATE_HOME", folder.toString());
  }

  @AfterAll
  void stop() {
    kafka.close();
  }

  private Ran topics(String action, String prefix) {
    return Ran.run(
        folder,
        environment,
        "topics",
        action,
        "--bootstrap-server",
        kafka.bootstrapServers(),
        "--prefix",
        prefix,
        "--set",
        "topics.settings.samples=retention.ms=1000");
  }

  @Test
  void createsWhatIsMissingAndThenFindsItAsItShouldBe() {
    assertThat(topics("list", "a.").lines()).anyMatch(line -> line.matches("a.samples .*missing"));
    assertThat(topics("check", "a.").exitCode()).isEqualTo(1);

    assertThat(topics("create", "a.").lines()).contains("created a.samples", "created a.rules");
    assertThat(topics("create", "a.").lines()).contains("present a.samples", "present a.rules");

    Ran check = topics("check", "a.");
    assertThat(check.out()).isEqualTo("9 topics as they should be\n");
    assertThat(check.exitCode()).isZero();
    assertThat(topics("list", "a.").lines())
        .anyMatch(line -> line.matches("a.samples +32 +0 days +as it should be"));
  }

  @Test
  void reportsDriftByTopicAndSettingAndFails() throws Exception {
    topics("create", "b.");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      AlterConfigOp shorter =
          new AlterConfigOp(new ConfigEntry("retention.ms", "60000"), AlterConfigOp.OpType.SET);
      ConfigResource windows = new ConfigResource(ConfigResource.Type.TOPIC, "b.windows");
      admin.incrementalAlterConfigs(Map.of(windows, Set.of(shorter))).all().get();
    }

    await()
        .untilAsserted(
            () -> {
              Ran check = topics("check", "b.");
              assertThat(check.lines())
                  .containsExactly("b.windows: retention.ms is 60000, expected 2592000000");
              assertThat(check.exitCode()).isEqualTo(1);
            });
  }

  @Test
  void findsTheClusterThatRunsOnThisMachine() throws Exception {
    try (AutoCloseable announced =
        LocalCluster.announce(environment, kafka.bootstrapServers(), "")) {
      assertThat(announced).isNotNull();
      Ran ran = Ran.run(folder, environment, "topics", "list");

      assertThat(ran.exitCode()).isZero();
      assertThat(ran.lines()).anyMatch(line -> line.matches("tailrace.samples +4 .*"));
    }
  }

  @Test
  void saysWhichClusterDoesNotAnswer() {
    Ran ran =
        Ran.run(
            folder,
            environment,
            "topics",
            "list",
            "--bootstrap-server",
            "127.0.0.1:1",
            "--set",
            "kafka.default.api.timeout.ms=1500",
            "--set",
            "kafka.request.timeout.ms=1000");

    assertThat(ran.errors())
        .containsExactly(
            "tailrace topics list: no answer from Kafka at 127.0.0.1:1 within 1500ms; "
                + "is it running, and is this the address it advertises?");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void refusesAnAddressThatIsNone() {
    Ran ran = Ran.run(folder, environment, "topics", "list", "--bootstrap-server", "kafka");

    assertThat(ran.errors()).singleElement().asString().contains("bootstrap.servers: kafka");
    assertThat(ran.exitCode()).isEqualTo(2);
  }
}
