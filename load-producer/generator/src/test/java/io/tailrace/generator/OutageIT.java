package io.tailrace.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.embedded.EmbeddedKafka;
import io.tailrace.embedded.PlainReader;
import io.tailrace.embedded.PublishedLedger;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.screen.PlainScreen;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.publisher.CloseReport;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker goes away for twenty seconds in the middle of two runs, with and without room. */
@Timeout(180)
class OutageIT {

  private static final Topics TOPICS = Topics.defaults();
  private static final int RATE = 200;
  private static final int RATE_WITHOUT_ROOM = 4_000;
  private static final int SECONDS = 26;

  @TempDir Path folder;

  private record Node(Ledger ledger, CompletableFuture<LoadSummary> summary) {}

  @Test
  void losesNothingWithinTheBoundAndCountsExactlyWhatIsBeyondIt() throws Exception {
    EmbeddedKafka before = EmbeddedKafka.start(folder);
    String servers = before.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      new TopicCatalogue(TOPICS, 2).create(admin, (short) 1);
    }
    try (TargetServer target = TargetServer.start(Behaviour.PROMPT);
        SchemaRegistryServer registry = SchemaRegistryServer.start(servers, 0)) {
      Map<String, Object> kafka =
          Map.of("bootstrap.servers", servers, "schema.registry.url", registry.url());
      Node roomy = start(target, "roomy", RATE, new Publishing(kafka, TOPICS));
      Node full =
          start(
              target,
              "full",
              RATE_WITHOUT_ROOM,
              new Publishing(kafka, TOPICS, Publishing.LEAST_MEMORY_BYTES));
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> roomy.ledger().requests() > 2 * RATE && full.ledger().requests() > RATE);
      before.close();
      TimeUnit.SECONDS.sleep(20);
      assertThat(roomy.summary()).isNotDone();
      assertThat(full.summary()).isNotDone();
      try (EmbeddedKafka after = startAgain(servers)) {
        CloseReport kept = report(roomy);
        assertThat(kept.complete()).as(kept.toString()).isTrue();
        List<GenericRecord> batches = batches(after, "roomy");
        assertThat(roomy.ledger().requests()).isEqualTo(RATE * SECONDS);
        assertThat(Ledger.of(batches).sums()).isEqualTo(roomy.ledger().sums());
        assertThat(PublishedLedger.of(batches))
            .isEqualTo(new PublishedLedger(RATE * SECONDS, 0, true));

        CloseReport lossy = report(full);
        long requests = full.ledger().requests();
        List<GenericRecord> some = batches(after, "full");
        assertThat(requests).isEqualTo(RATE_WITHOUT_ROOM * SECONDS);
        assertThat(lossy.dropped()).isPositive();
        assertThat(Ledger.of(some).requests()).isEqualTo(requests - lossy.dropped());
        assertThat(PublishedLedger.of(some))
            .isEqualTo(new PublishedLedger(requests - lossy.dropped(), lossy.dropped(), true));
      }
    }
  }

  private static Node start(TargetServer target, String run, int rate, Publishing to) {
    Plan plan = Plans.rate(target.url() + "/", rate, SECONDS + "s");
    Ledger ledger = new Ledger();
    RunScreen screen = PlainScreen.silent(nowhere());
    LoadSession session = new LoadSession(plan, LoadOptions.alone(run), to, screen, ledger);
    return new Node(
        ledger,
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return session.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
              }
            }));
  }

  private static PrintWriter nowhere() {
    return new PrintWriter(Writer.nullWriter());
  }

  private static CloseReport report(Node node) throws Exception {
    return Objects.requireNonNull(node.summary().get(90, TimeUnit.SECONDS).published());
  }

  private EmbeddedKafka startAgain(String servers) {
    int port = Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
    return EmbeddedKafka.builder().dataFolder(folder).port(port).start();
  }

  private static List<GenericRecord> batches(EmbeddedKafka kafka, String run) {
    return PlainReader.batches(kafka.bootstrapServers(), TOPICS.samples(), run);
  }
}
