package io.tailrace.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.embedded.PlainReader;
import io.tailrace.embedded.TestKafka;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.Share;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.record.CommandKind;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunCommand;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class PublishedRunIT {

  private static final TestKafka KAFKA = TestKafka.shared();
  private static final Topics TOPICS = Topics.withPrefix(KAFKA.uniqueName("load") + ".");

  private final TargetServer target = TargetServer.start(Behaviour.PROMPT);
  private final Ledger ledger = new Ledger();
  private final Quiet screen = new Quiet();
  private String run = "";

  @TempDir Path folder;

  @BeforeAll
  static void createTopics() {
    try (Admin admin = Admin.create(KAFKA.clientProperties())) {
      new TopicCatalogue(TOPICS, 2).create(admin, (short) 1);
    }
  }

  @BeforeEach
  void nameRun() {
    run = KAFKA.uniqueName("run");
  }

  @AfterEach
  void stop() {
    target.close();
  }

  @Test
  void publishesEveryRequestAsTheTestItselfCountedIt() throws Exception {
    Plan plan =
        Plans.of(
            """
            name: published
            target: %s
            load: {rate: 400, duration: 3s, arrivals: poisson}
            scenarios:
              - {name: good, weight: 9, steps: [{get: /good}]}
              - {name: bad, steps: [{get: "/bad?status=500"}]}
            sla: ["p95 < 5s"]
            """
                .formatted(target.url()));
    LoadSummary summary =
        new LoadSession(plan, LoadOptions.alone(run), publishing(), screen, ledger).run();
    assertThat(summary.isWhole()).isTrue();
    assertThat(summary.reason()).isEqualTo(LeaveReason.DONE);

    List<GenericRecord> batches = batches();
    assertThat(Ledger.of(batches).sums()).isEqualTo(ledger.sums());
    assertThat(ledger.requests()).isEqualTo(summary.progress().due());
    assertThat(target.ledger().received()).isEqualTo(ledger.requests());
    GenericRecord joined = (GenericRecord) batches.get(0).get("joined");
    assertThat(joined.get("testName").toString()).isEqualTo("published");
    assertThat((List<?>) joined.get("objectives")).hasSize(1);
    GenericRecord left = (GenericRecord) batches.get(batches.size() - 1).get("left");
    assertThat(left.get("reason").toString()).isEqualTo("DONE");
    for (int i = 0; i < batches.size(); i++) {
      assertThat(batches.get(i).get("sequence")).isEqualTo((long) i);
    }
  }

  @Test
  void theRecordKeepsThatTheGeneratorWasTheBottleneck() throws Exception {
    Plan plan =
        Plans.of(
            """
            target: %s/?hang=100
            load: {rate: 50, duration: 1s}
            http: {timeout: 300ms, connections: 2, drain: 2s}
            """
                .formatted(target.url()));
    LoadSummary summary =
        new LoadSession(plan, LoadOptions.alone(run), publishing(), screen, ledger).run();
    assertThat(summary.bottlenecks())
        .anySatisfy(reason -> assertThat(reason).startsWith("all 2 connections were busy"));
    List<GenericRecord> batches = batches();
    GenericRecord left = (GenericRecord) batches.get(batches.size() - 1).get("left");
    assertThat(left.get("message").toString())
        .startsWith("the generator was the bottleneck: ")
        .contains("all 2 connections were busy");
    assertThat(Ledger.of(batches).sums()).isEqualTo(ledger.sums());
  }

  @Test
  void sendsNothingLaterThanASecondAfterAnAbortAndLeavesWithItsReason() throws Exception {
    Plan plan = Plans.rate(target.url() + "/", 100, "2m");
    LoadSession session =
        new LoadSession(plan, LoadOptions.alone(run), publishing(), screen, ledger);
    CompletableFuture<LoadSummary> running = CompletableFuture.supplyAsync(() -> runOf(session));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> running.isDone() || ledger.requests() > 50);

    long told = System.nanoTime();
    long readableMicros = abort("p95 above 500ms");
    LoadSummary summary = running.get(60, TimeUnit.SECONDS);
    long sentBefore = summary.progress().sent();
    Duration took = Duration.ofNanos(System.nanoTime() - told);
    assertThat(took).isLessThan(Duration.ofSeconds(5));
    assertThat(summary.reason()).isEqualTo(LeaveReason.ABORTED);
    assertThat(summary.message()).startsWith("p95 above 500ms (by objective)");
    assertThat(target.ledger().received()).isEqualTo(sentBefore);

    List<GenericRecord> batches = batches();
    assertThat(Ledger.lastSentMicros(batches)).isLessThan(readableMicros + 1_000_000);
    GenericRecord left = (GenericRecord) batches.get(batches.size() - 1).get("left");
    assertThat(left.get("reason").toString()).isEqualTo("ABORTED");
    assertThat(Ledger.of(batches).sums()).isEqualTo(ledger.sums());
  }

  @Test
  void fourProcessesStartTogetherAndAreTogetherTheWholePlan() throws Exception {
    StringBuilder rows = new StringBuilder("id\n");
    for (int i = 0; i < 40; i++) {
      rows.append(i).append('\n');
    }
    Files.writeString(folder.resolve("items.csv"), rows);
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(
        plan,
        """
        name: fleet
        target: %s
        load: {rate: 200, duration: 4s}
        http: {timeout: 60s, connect_timeout: 60s, drain: 60s}
        feeders: {items: {file: items.csv}}
        scenarios: [{name: s, steps: [{get: "/items/{{items.id}}"}]}]
        """
            .formatted(target.url()));
    List<Process> nodes = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      nodes.add(node(plan, i + "/4"));
    }
    for (Process node : nodes) {
      assertThat(node.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(node.exitValue()).as(logs()).isZero();
    }
    List<GenericRecord> batches = batches();
    Ledger published = Ledger.of(batches);
    assertThat(published.requests("s | GET /items/{id} | 200 | null"))
        .as(published.toString())
        .isEqualTo(800);
    assertThat(target.ledger().received()).isEqualTo(800);
    for (int i = 0; i < 40; i++) {
      assertThat(target.ledger().received("GET /items/" + i)).isEqualTo(20);
    }
    Set<String> left = new HashSet<>();
    for (GenericRecord batch : batches) {
      if (batch.get("left") != null) {
        left.add(batch.get("node").toString());
      }
    }
    assertThat(left).containsExactlyInAnyOrder("node-1", "node-2", "node-3", "node-4");
    // The first four requests of the plan are due 5 ms after one another, one on each node.
    Map<String, Long> firstDue = Ledger.firstDueMicros(batches);
    assertThat(firstDue).hasSize(4);
    LongSummaryStatistics due =
        firstDue.values().stream().mapToLong(Long::longValue).summaryStatistics();
    assertThat(due.getMax() - due.getMin()).isLessThan(100_000);
  }

  @Test
  void aKilledNodeLeavesAGapThatCanBeSeen() throws Exception {
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(
        plan,
        """
        target: %s
        load: {rate: 200, duration: 2m}
        """
            .formatted(target.url()));
    Process node = node(plan, "1/1");
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> !node.isAlive() || target.ledger().received() > 200);
    assertThat(node.isAlive()).as(logs()).isTrue();
    node.destroyForcibly();
    assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
    List<GenericRecord> batches = batches();
    assertThat(batches).isNotEmpty().allSatisfy(batch -> assertThat(batch.get("left")).isNull());
    assertThat(batches.get(0).get("joined")).isNotNull();
    long published = Ledger.of(batches).requests();
    assertThat(published).isPositive().isLessThanOrEqualTo(target.ledger().received());
  }

  private LoadSummary runOf(LoadSession session) {
    try {
      return session.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Tells the run to stop; the moment from which its nodes could read that. */
  private long abort(String reason) throws Exception {
    RunCommand command =
        RunCommand.newBuilder()
            .setRun(run)
            .setKind(CommandKind.ABORT)
            .setNode(null)
            .setNodesExpected(0)
            .setAtMicros(0)
            .setBy("objective")
            .setReason(reason)
            .build();
    AvroSerializer<RunCommand> encoder = new AvroSerializer<>();
    encoder.configure(KAFKA.clientProperties(), false);
    try (KafkaProducer<String, RunCommand> producer =
        new KafkaProducer<>(KAFKA.clientProperties(), new StringSerializer(), encoder)) {
      RecordMetadata written =
          producer
              .send(new ProducerRecord<>(TOPICS.commands(), run, command))
              .get(30, TimeUnit.SECONDS);
      return TimeUnit.MILLISECONDS.toMicros(written.timestamp());
    }
  }

  private Process node(Path plan, String share) throws Exception {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            NodeProcess.class.getName(),
            plan.toString(),
            run,
            share,
            KAFKA.bootstrapServers(),
            KAFKA.registryUrl(),
            TOPICS.samples().replace("samples", ""))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("node-" + Share.parse(share).index() + ".log").toFile())
        .start();
  }

  /** What the nodes printed, for a message. */
  private String logs() throws IOException {
    StringBuilder logs = new StringBuilder();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.log")) {
      for (Path file : files) {
        logs.append(Files.readString(file));
      }
    }
    return logs.toString();
  }

  private static Publishing publishing() {
    return new Publishing(KAFKA.clientProperties(), TOPICS);
  }

  private List<GenericRecord> batches() {
    return PlainReader.batches(KAFKA.bootstrapServers(), TOPICS.samples(), run);
  }

  /** Shows nothing. */
  private static final class Quiet implements RunScreen {
    @Override
    public void say(String line) {}

    @Override
    public void show(LiveView view) {}

    @Override
    public void finish(LoadSummary summary) {}
  }
}
