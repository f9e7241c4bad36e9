package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {
  @TempDir private Path folder = Path.of("");

  private Ran init(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "init";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Ran.run(folder, Map.of(), all);
  }

  @Test
  void writesBothFilesIntoANewFolder() {
    Ran ran = init("shop");
    assertThat(ran.exitCode()).isZero();
    assertThat(folder.resolve("shop/tailrace.yaml")).content().startsWith("# The one");
    assertThat(folder.resolve("shop/plan.yaml")).content().contains("sla:");
    assertThat(ran.lines())
        .contains("  tailrace up --config " + folder.resolve("shop/tailrace.yaml"));
  }

  @Test
  void replacesNothingUnasked() throws IOException {
    Files.writeString(folder.resolve("plan.yaml"), "mine");
    Ran ran = init();
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.errors())
        .containsExactly(
            "tailrace init: "
                + folder.resolve("plan.yaml")
                + " is there already; --force replaces it");
    assertThat(folder.resolve("plan.yaml")).hasContent("mine");
    assertThat(folder.resolve("tailrace.yaml")).doesNotExist();
    assertThat(init("--force").exitCode()).isZero();
    assertThat(folder.resolve("plan.yaml")).content().contains("sla:");
  }

  @Test
  void saysThatTheFolderIsAFile() throws IOException {
    Files.writeString(folder.resolve("taken"), "");
    Ran ran = init("taken");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.errors()).singleElement().asString().contains("taken is a file");
  }

  /** The examples that are commented out are true, too. */
  @Test
  void writesOnlyKeysThatAreKnown() throws IOException {
    init();
    Path file = folder.resolve("tailrace.yaml");
    String all =
        Files.readString(file)
            .replaceAll("(?m)^#( *[a-z_.]+:)", "$1")
            .replace(
                "services: [kafka, registry, aggregator, sinks, target]", "services: [aggregator]");
    Files.writeString(file, all);
    Ran ran =
        Ran.run(
            folder, Map.of("KAFKA_JAAS", "none;"), "topics", "list", "--bootstrap-server", "kafka");
    assertThat(ran.errors()).singleElement().asString().contains("bootstrap.servers: kafka");
    Map<String, String> secrets =
        Map.of("KAFKA_JAAS", "none;", "INFLUXDB_USER", "me", "INFLUXDB_PASSWORD", "secret");
    Ran up = Ran.run(folder, secrets, "up", "--services", "kafka,sinks");
    assertThat(up.errors()).singleElement().asString().contains("up.services", "one of the two");
  }
}
