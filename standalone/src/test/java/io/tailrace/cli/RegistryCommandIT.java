package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.embedded.EmbeddedKafka;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RegistryCommandIT {
  @Test
  void servesUntilItIsAskedToEnd() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      Process registry = start("--bootstrap-server", kafka.bootstrapServers(), "--port", "0");
      try (BufferedReader out = registry.inputReader()) {
        URI url = URI.create(out.readLine());
        HttpResponse<String> subjects =
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(url.resolve("/subjects")).build(),
                    BodyHandlers.ofString());
        assertThat(subjects.body()).isEqualTo("[]");

        registry.toHandle().destroy();
        assertThat(registry.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(registry.exitValue()).isEqualTo(143);
      } finally {
        registry.destroyForcibly();
      }
    }
  }

  private static Process start(String... options) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Tailrace.class.getName(),
                "registry"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
