package io.tailrace.generator.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.config.SettingsSource;
import io.tailrace.generator.LoadOptions;
import io.tailrace.generator.LoadSession;
import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.PlanReader;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.service.EndpointConfig;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MeteredScreenIT {

  @Test
  void countsWhatTheRunCounts() throws Exception {
    try (TargetServer target = TargetServer.start(Behaviour.PROMPT);
        MeteredScreen screen =
            new MeteredScreen(
                PlainScreen.silent(new PrintWriter(Writer.nullWriter())),
                EndpointConfig.anyLoopbackPort())) {
      assertThat(metrics(screen)).doesNotContain("tailrace_load_requests");
      Plan plan =
          PlanReader.read(
              SettingsSource.ofYaml(
                  """
                  target: %s/?errors=50&error-status=500
                  load: {rate: 100, duration: 2s}
                  """
                      .formatted(target.url())));
      LoadSummary summary = new LoadSession(plan, LoadOptions.alone("metered"), null, screen).run();
      assertThat(summary.progress().finished()).isEqualTo(200);
      assertThat(metrics(screen))
          .containsPattern("tailrace_load_requests_total [12]\\d\\d\\.0")
          .containsPattern("tailrace_load_errors_total [1-9]")
          .doesNotContain("dropped_samples");
    }
  }

  private static String metrics(MeteredScreen screen) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(screen.url().resolve("/metrics")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
