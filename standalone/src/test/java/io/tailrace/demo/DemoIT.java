package io.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
  private static final Pattern SERVED = Pattern.compile("served (\\d+) requests");
  private static final int AN_OBJECTIVE_FAILED = 99;

  @TempDir Path folder;

  @Test
  void theWholePipelineCountsWhatTheTargetServedAndSaysWhatBroke() throws Exception {
    Path output = folder.resolve("output");
    Process demo =
        new ProcessBuilder(command("demo", "--duration", "20s", "--rate", "100", "--nodes", "3"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = demo.waitFor(3, TimeUnit.MINUTES);
    demo.destroyForcibly();
    String said = Files.readString(output);

    assertThat(ended).as(said).isTrue();
    assertThat(demo.exitValue()).as(said).isEqualTo(AN_OBJECTIVE_FAILED);
    assertThat(said)
        .contains("BROKEN  the shop is quick", "HOLDS AGAIN  the shop is quick")
        .contains("VERDICT  FAILED");
    JsonNode metrics = metrics();
    assertThat(metrics.at("/metrics/requests").asLong()).isEqualTo(served(said)).isPositive();
    assertThat(metrics.path("verdict").asText()).isEqualTo("FAILED");
    assertThat(metrics.path("ledger")).hasSize(3).allMatch(n -> n.path("balanced").asBoolean());
    assertThat(folder.resolve("results/junit.xml")).content().contains("the shop is quick");
    assertThat(totals(metrics)).isEqualTo(served(said));
  }

  private JsonNode metrics() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("results/metrics.json").toFile());
  }

  /** All series but the run's own. */
  private static long totals(JsonNode metrics) {
    long sum = 0;
    for (JsonNode total : metrics.path("totals")) {
      sum += total.path("series").asText().equals("*") ? 0 : total.path("requests").asLong();
    }
    return sum;
  }

  private static long served(String said) {
    Matcher matcher = SERVED.matcher(said);
    assertThat(matcher.find()).as(said).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("io.tailrace.cli.Tailrace");
    command.addAll(List.of(arguments));
    return command;
  }
}
