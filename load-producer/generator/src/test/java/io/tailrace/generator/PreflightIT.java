package io.tailrace.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.PlanReader;
import io.tailrace.generator.plan.Share;
import io.tailrace.generator.screen.PlainScreen;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What no reading of a plan can show is a line of its own, and no load is sent. */
@Timeout(60)
class PreflightIT {

  private final TargetServer target = TargetServer.start(Behaviour.PROMPT);

  @TempDir Path folder;

  @AfterEach
  void stop() {
    target.close();
  }

  @Test
  void namesATargetThatCannotBeReached() throws Exception {
    String url = "http://127.0.0.1:" + closedPort() + "/";
    assertThat(fault(Plans.rate(url, 1, "1s")))
        .startsWith("shop.yaml: target: \"" + url + "\" cannot be reached: ")
        .endsWith("expected a server that listens");
    assertThat(fault(Plans.rate("http://no-such-host.invalid/", 1, "1s")))
        .startsWith("shop.yaml: target: \"http://no-such-host.invalid/\" cannot be reached: ")
        .contains("the host name is not known");
  }

  @Test
  void namesAnExtractionThatFindsNothing() {
    Plan plan =
        Plans.of(
            """
            target: %s
            load: {rate: 100, duration: 1m}
            scenarios:
              - name: browse
                steps:
                  - get: /orders
                    extract: {order: {json: "$.orders[0].id"}}
                  - get: /orders/{{order}}
              - name: look
                steps:
                  - get: /plain
            """
                .formatted(target.url()));
    assertThat(fault(plan))
        .startsWith("shop.yaml: scenarios \"browse\", step \"GET /orders\": ")
        .contains("got status 200 and ended with \"extract: order\"; expected an answer that");
    // Once, to find that out, and nothing of the load.
    assertThat(target.ledger().received()).isEqualTo(1);
  }

  @Test
  void namesAFeederThatHasNotARowForEveryNode() throws Exception {
    Files.writeString(folder.resolve("users.csv"), "id\n1\n2\n3\n");
    Path file = folder.resolve("shop.yaml");
    Files.writeString(
        file,
        """
        target: %s
        load: {rate: 100, duration: 1m}
        feeders: {users: {file: users.csv}}
        scenarios: [{steps: [{get: "/users/{{users.id}}"}]}]
        """
            .formatted(target.url()));
    Plan plan = PlanReader.read(SettingsSource.ofFile(file, Map.of()));
    assertThat(fault(plan, new Share(0, 4)))
        .isEqualTo(
            "shop.yaml: feeders.users.file: 3 rows; expected at least one for each of 4 nodes");
    assertThatCode(() -> session(plan, new Share(2, 3)).check("shop.yaml", true))
        .doesNotThrowAnyException();
    assertThat(target.ledger().received()).isZero();
  }

  @Test
  void sendsNothingThatCountsWhenAllIsWell() {
    Plan plan =
        Plans.of(
            """
            target: %s
            load: {rate: 100, duration: 1m}
            scenarios:
              - name: browse
                steps:
                  - get: /orders
                    extract: {size: {header: content-length}, letter: {regex: "o(k)"}}
                  - get: /orders/{{size}}/{{letter}}
              - name: look
                steps:
                  - get: /plain
            """
                .formatted(target.url()));
    assertThatCode(() -> session(plan, Share.WHOLE).check("shop.yaml", true))
        .doesNotThrowAnyException();
    assertThat(target.ledger().received("GET /orders/2/k")).isEqualTo(1);
    assertThat(target.ledger().received()).isEqualTo(2);
    assertThatCode(() -> session(plan, Share.WHOLE).check("shop.yaml", false))
        .doesNotThrowAnyException();
    assertThat(target.ledger().received()).isEqualTo(2);
  }

  private static String fault(Plan plan) {
    return fault(plan, Share.WHOLE);
  }

  private static String fault(Plan plan, Share node) {
    SettingsException found =
        catchThrowableOfType(
            SettingsException.class, () -> session(plan, node).check("shop.yaml", true));
    assertThat(found.faults()).hasSize(1);
    return found.faults().get(0).toString();
  }

  private static LoadSession session(Plan plan, Share node) {
    LoadOptions options =
        new LoadOptions("run", "node", node, 1, null, Duration.ofMinutes(1), Duration.ZERO);
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new LoadSession(plan, options, null, PlainScreen.silent(nowhere));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
