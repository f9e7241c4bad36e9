package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.embedded.EmbeddedKafka;
import io.tailrace.embedded.SchemaRegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorCommandIT {
  @TempDir private Path folder = Path.of("");
  private final EmbeddedKafka kafka = EmbeddedKafka.start();
  private final SchemaRegistryServer registry =
      SchemaRegistryServer.start(kafka.bootstrapServers(), 0);

  @BeforeAll
  void createTopics() {
    assertThat(tailrace("topics", "create").exitCode()).isZero();
  }

  @AfterAll
  void stop() {
    registry.close();
    kafka.close();
  }

  private Ran tailrace(String... arguments) {
    return tailraceWith(registry.url(), arguments);
  }

  private Ran tailraceWith(String registryUrl, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap-server", kafka.bootstrapServers()));
    all.addAll(List.of("--schema-registry", registryUrl));
    return Ran.run(
        folder,
        Map.of("XDG_STATE_HOME", folder.resolve("state").toString()),
        all.toArray(String[]::new));
  }

  @Test
  void findsNothingWrongWithWhatIsWell() {
    Ran ran = tailrace("doctor");
    assertThat(ran.out())
        .contains("ok     java")
        .contains("ok     config")
        .contains("ok     kafka        " + kafka.bootstrapServers() + ": cluster ")
        .contains("ok     clock        the cluster's clock and this one agree within")
        .contains("ok     topics       9 topics as they should be")
        .contains("ok     permissions")
        .contains("ok     transactions")
        .contains("ok     registry")
        .doesNotContain("look", "WRONG")
        .endsWith("nothing is wrong\n");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void connectsWithEverySinkThatIsConfigured() throws IOException {
    Files.writeString(
        folder.resolve("sinks.yaml"),
        """
        outputs:
          results: {folder: results}
          influxdb: {url: "http://127.0.0.1:1", database: load}
          elasticsearch: {enabled: false}
        """);
    Ran ran = tailrace("doctor", "--config", "sinks.yaml");
    assertThat(ran.lines())
        .contains("ok     sinks        results reaches its target")
        .anyMatch(line -> line.startsWith("WRONG  sinks        influxdb: "))
        .anyMatch(line -> line.endsWith("-> mend outputs.influxdb, or set enabled: false there"))
        .noneMatch(line -> line.contains("elasticsearch"))
        .contains("1 thing is wrong");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void saysWhichTopicsAreMissingAndHowToCreateThem() {
    Ran ran = tailrace("doctor", "--set", "topics.prefix=other.");
    assertThat(ran.lines())
        .anyMatch(line -> line.startsWith("WRONG  topics       missing: other.samples, "))
        .anyMatch(line -> line.endsWith("-> tailrace topics create"))
        .contains("1 thing is wrong");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void saysWhichSettingOfWhichTopicDiffers() {
    Ran ran = tailrace("doctor", "--set", "topics.settings.runs=min.insync.replicas=7");
    assertThat(ran.out())
        .contains("WRONG  topics       tailrace.runs: min.insync.replicas is 1, expected 7")
        .contains("--entity-name tailrace.runs --add-config min.insync.replicas=7");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void findsAHungTransactionAndAbortsItWhenAsked() throws Exception {
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "transactional.id",
            "forgotten",
            "transaction.timeout.ms",
            900_000);
    try (KafkaProducer<String, String> forgotten =
        new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      forgotten.initTransactions();
      forgotten.beginTransaction();
      forgotten.send(new ProducerRecord<>("tailrace.windows", 3, "run", "window")).get();

      assertThat(tailrace("doctor").exitCode()).as("it is young").isZero();
      Ran found = tailrace("doctor", "--open-for", "0ms");
      assertThat(found.lines())
          .anyMatch(
              line -> line.matches("WRONG  transactions tailrace.windows-3: producer \\d+ has .*"))
          .anyMatch(line -> line.contains("tailrace doctor --abort-transactions"));
      assertThat(found.exitCode()).isEqualTo(1);

      Ran aborted = tailrace("doctor", "--open-for", "0ms", "--abort-transactions");
      assertThat(aborted.out()).contains("; aborted");
      assertThat(aborted.exitCode()).isZero();
      await().until(() -> tailrace("doctor", "--open-for", "0ms").exitCode() == ExitCode.DONE);
    }
  }

  @Test
  void saysThatTheRegistryIsAway() {
    Ran ran =
        tailraceWith(
            "http://127.0.0.1:1", "doctor", "--set", "kafka.schema.registry.retry.timeout.ms=100");
    assertThat(ran.out()).contains("WRONG  registry     asking http://127.0.0.1:1/subjects/");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void saysThatTheClusterIsAway() {
    Ran ran =
        Ran.run(
            folder,
            Map.of(),
            "doctor",
            "--bootstrap-server",
            "127.0.0.1:1",
            "--schema-registry",
            registry.url(),
            "--set",
            "kafka.default.api.timeout.ms=1500",
            "--set",
            "kafka.request.timeout.ms=1000");
    assertThat(ran.out()).contains("WRONG  kafka        no answer from 127.0.0.1:1");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void tellsEveryFaultOfTheConfiguration() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("bad.yaml"), "up: {service: [kafka]}\naggregate: {threads: none}\n");
    Ran ran = Ran.run(folder, Map.of(), "doctor", "--config", file.toString());
    assertThat(ran.lines())
        .anyMatch(line -> line.contains("up.service") && line.contains("did you mean services?"))
        .anyMatch(line -> line.contains("aggregate.threads"))
        .contains("2 things are wrong");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void saysThatAFolderCannotBeOne() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    Ran ran = tailrace("doctor", "--set", "up.data=" + folder.resolve("file"));
    assertThat(ran.out()).contains("WRONG  folder", "is a file");
  }
}
