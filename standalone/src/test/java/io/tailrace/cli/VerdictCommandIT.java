package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.config.KafkaConnection;
import io.tailrace.embedded.EmbeddedKafka;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.objective.Rule;
import io.tailrace.record.CommandKind;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a person asks of and says to runs, against a real cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerdictCommandIT {
  @TempDir private Path folder = Path.of("");
  private final EmbeddedKafka kafka = EmbeddedKafka.start();
  private final SchemaRegistryServer registry =
      SchemaRegistryServer.start(kafka.bootstrapServers(), 0);
  private final Topics topics = Topics.defaults();
  private final KafkaConnection connection =
      KafkaConnection.of(
          Map.of(
              "bootstrap.servers",
              kafka.bootstrapServers(),
              KafkaConnection.REGISTRY_URL,
              registry.url()));

  @BeforeAll
  void createTopics() {
    try (Admin admin = Admin.create(connection.clientProperties())) {
      new TopicCatalogue(topics, 4).create(admin, (short) 1);
    }
  }

  @AfterAll
  void stop() {
    registry.close();
    kafka.close();
  }

  private Ran tailrace(String... arguments) {
    String[] cluster = {
      "--bootstrap-server", kafka.bootstrapServers(), "--schema-registry", registry.url()
    };
    String[] all =
        Stream.concat(Arrays.stream(arguments), Arrays.stream(cluster)).toArray(String[]::new);
    return Ran.run(folder, Map.of("USER", "ada", "XDG_STATE_HOME", folder.toString()), all);
  }

  @Test
  void saysTheVerdictWithItsExitCode() {
    summarise("passed", Verdict.PASSED, null);
    summarise("incomplete", Verdict.INCOMPLETE, null);
    summarise("stopped", Verdict.PASSED, "lunch");
    summarise("failed", Verdict.FAILED, "objective slow");

    assertThat(tailrace("verdict", "passed").exitCode()).isZero();
    assertThat(tailrace("verdict", "incomplete").exitCode()).isEqualTo(98);
    assertThat(tailrace("verdict", "stopped").exitCode()).isEqualTo(97);
    assertThat(tailrace("verdict", "unheard-of").exitCode()).isEqualTo(96);
    assertThat(tailrace("verdict", "unheard-of", "--wait", "soon").exitCode()).isEqualTo(2);
    Ran failed = tailrace("verdict", "failed");
    assertThat(failed.exitCode()).isEqualTo(99);
    assertThat(failed.lines())
        .containsExactly(
            "FAILED: failed, 10 requests, 10.00% failed",
            "  stopped: objective slow", "  failed     p95 < 500ms: 900 ms <&> at worst");
  }

  /** The verdict is there already, or comes while the node waits for it. */
  @Test
  void aLoadThatWaitsEndsAsTheVerdictDoes() throws Exception {
    summarise("load-passed", Verdict.PASSED, null);
    summarise("load-incomplete", Verdict.INCOMPLETE, null);
    try (TargetServer target = TargetServer.start(Behaviour.PROMPT)) {
      Ran passed = waitingLoad(target, "load-passed");
      assertThat(passed.exitCode()).as(passed.toString()).isZero();
      assertThat(passed.out()).contains("PASSED: load-passed");
      assertThat(waitingLoad(target, "load-incomplete").exitCode()).isEqualTo(98);

      long before = target.ledger().received();
      CompletableFuture<Ran> waiting =
          CompletableFuture.supplyAsync(
              () -> waitingLoad(target, "load-stopped"), task -> new Thread(task).start());
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> waiting.isDone() || target.ledger().received() == before + 2);
      assertThat(waiting).isNotDone();
      summarise("load-stopped", Verdict.PASSED, "lunch");
      Ran stopped = waiting.get(90, TimeUnit.SECONDS);
      assertThat(stopped.exitCode()).as(stopped.toString()).isEqualTo(97);
      assertThat(stopped.out()).contains("stopped: lunch");
    }
  }

  private Ran waitingLoad(TargetServer target, String run) {
    return tailrace(
        "load",
        "--url",
        target.url(),
        "--rate",
        "10",
        "--duration",
        "200ms",
        "--run",
        run,
        "--warm-up",
        "0s",
        "--quiet",
        "--wait");
  }

  @Test
  void failedBeatsStoppedAndStoppedBeatsIncomplete() {
    summarise("failed-and-stopped", Verdict.FAILED, "ada: lunch");
    summarise("incomplete-and-stopped", Verdict.INCOMPLETE, "ada: lunch");

    assertThat(tailrace("verdict", "failed-and-stopped").exitCode()).isEqualTo(99);
    assertThat(tailrace("verdict", "incomplete-and-stopped").exitCode()).isEqualTo(97);
  }

  @Test
  void waitsForTheVerdictAndNoLongerThanAsked() throws Exception {
    long started = System.nanoTime();
    Ran never = tailrace("verdict", "goes-on", "--wait", "1s");
    assertThat(never.exitCode()).isEqualTo(96);
    assertThat(never.err()).contains("run goes-on has no summary yet");
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));

    CompletableFuture<Ran> waiting = new CompletableFuture<>();
    Thread asking =
        new Thread(() -> waiting.complete(tailrace("verdict", "ends", "--wait", "60s")), "asking");
    asking.start();
    // Another run's verdict in the meantime is not what is waited for.
    summarise("another", Verdict.FAILED, null);
    TimeUnit.MILLISECONDS.sleep(500);
    assertThat(waiting).isNotDone();
    summarise("ends", Verdict.PASSED, null);
    assertThat(waiting.get(50, TimeUnit.SECONDS).exitCode()).isZero();
  }

  @Test
  void writesReportsForBuildServers() throws IOException {
    summarise("reported", Verdict.FAILED, null);

    Ran ran =
        tailrace("verdict", "reported", "--json", "--junit", "out/t.xml", "--markdown", "t.md");

    assertThat(ran.exitCode()).isEqualTo(99);
    assertThat(ran.out()).contains("\"verdict\" : \"FAILED\"").contains("\"exit_code\" : 99");
    assertThat(Files.readString(folder.resolve("out/t.xml")))
        .contains("tests=\"2\" failures=\"1\"")
        .contains("p95 &lt; 500ms: 900 ms &lt;&amp;&gt; at worst");
    assertThat(Files.readString(folder.resolve("t.md")))
        .contains("| p95 &lt; 500ms | failed | 900 ms &lt;&> at worst |");
  }

  @Test
  void tellsAFleetToStop() {
    happened("run-7", RunEventKind.STARTED);
    Ran ran = tailrace("abort", "run-7", "--reason", "the database is on fire");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.lines()).containsExactly("told the nodes of run-7 to stop");
    List<RunCommand> commands = new ArrayList<>();
    try (TopicReader<RunCommand> reader =
        TopicReader.of(connection, topics.commands(), RunCommand.class, "run-7")) {
      reader.readToEnd((key, value) -> commands.add(value));
    }
    assertThat(commands)
        .singleElement()
        .satisfies(
            command -> {
              assertThat(command.getKind()).isEqualTo(CommandKind.ABORT);
              assertThat(command.getBy()).isEqualTo("ada");
              assertThat(command.getReason()).isEqualTo("the database is on fire");
            });
    assertThat(tailrace("abort", "run-7").exitCode()).isEqualTo(2);

    happened("run-7", RunEventKind.ENDED);
    Ran late = tailrace("abort", "run-7", "--reason", "too late");
    assertThat(late.exitCode()).isZero();
    assertThat(late.lines()).containsExactly("run-7 has ended already; nothing is left to stop");
  }

  @Test
  void anAbortOfARunThatNobodyKnowsSaysSo() {
    Ran ran = tailrace("abort", "run-77", "--reason", "a slip of the finger");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("nothing is known of a run run-77").contains(" runs' lists");
  }

  @Test
  void appliesListsAndDeletesRules() throws IOException {
    Files.writeString(
        folder.resolve("rules.yaml"),
        "name: payments\ntest: checkout-*\nsla:\n  - p95 < 500ms\n  - error_rate < 1%\n");
    Files.writeString(folder.resolve("bad.yaml"), "name: bad\nsla:\n  - p95 < 5%\n  - eror < 1\n");

    Ran applied = tailrace("rules", "apply", "rules.yaml");
    assertThat(applied.err()).contains("no run so far is of a test checkout-*");
    assertThat(applied.lines())
        .containsExactly("applied payments: 2 objectives for checkout-* in *");
    assertThat(tailrace("rules", "list").lines())
        .containsExactly(
            "payments: test checkout-*, environment *, applied by ada",
            "  p95 < 500ms: p95 < 500ms",
            "  error_rate < 1%: error_rate < 1%");
    Ran bad = tailrace("rules", "apply", "bad.yaml");
    assertThat(bad.exitCode()).isEqualTo(2);
    assertThat(bad.err())
        .contains("bad.yaml:3: sla[0]: column 8")
        .contains("bad.yaml:4: sla[1]: column 1");
    assertThat(tailrace("rules", "delete", "paymets").err()).contains("there are: payments");
    assertThat(tailrace("rules", "delete", "payments").exitCode()).isZero();
    assertThat(tailrace("rules", "list").lines()).isEmpty();
  }

  @Test
  void refusesRulesThatContradictThemselvesOrEachOther() throws IOException {
    Files.writeString(
        folder.resolve("contradictions.yaml"),
        """
        name: contradictions
        sla:
          - {name: quick, objective: p95 < 500ms}
          - {name: quick, objective: p95 < 400ms}
          - {objective: p99 < 1s, for: -5s}
          - {objective: error_rate < 5ms}
          - {objective: p99 < 1s, over: run, action: abort}
        """);

    Ran refused = tailrace("rules", "apply", "contradictions.yaml");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("contradictions.yaml:4: sla[1]: another objective is named \"quick\"")
        .contains("sla[2].for: column 1 of \"-5s\": expected a duration of 0 or more")
        .contains("sla[3].objective: column 15 of \"error_rate < 5ms\": ms is not a unit")
        .contains("sla[4]: over run is judged when the run has ended");
    assertThat(tailrace("rules", "list").out()).doesNotContain("contradictions");
  }

  @Test
  void aRuleSetThatCannotBeReadHidesNoOther() throws Exception {
    Files.writeString(folder.resolve("good.yaml"), "name: good\nsla: [p95 < 500ms]\n");
    assertThat(tailrace("rules", "apply", "good.yaml").exitCode()).isZero();
    writeRaw(topics.rules(), "broken", "no Avro at all".getBytes(StandardCharsets.UTF_8));

    Ran listed = tailrace("rules", "list");
    assertThat(listed.exitCode()).isZero();
    assertThat(listed.lines()).contains("  p95 < 500ms: p95 < 500ms");
    assertThat(listed.err()).contains("rule set broken cannot be read");
    assertThat(tailrace("rules", "delete", "broken").exitCode()).isZero();
    assertThat(tailrace("rules", "list").err()).isEmpty();
    assertThat(tailrace("rules", "delete", "good").exitCode()).isZero();
  }

  @Test
  void appliesTenThousandRulesInBoundedTimeAndRefusesMore() throws IOException {
    StringBuilder rules = new StringBuilder("name: many\nsla:\n");
    for (int i = 1; i <= 10_000; i++) {
      rules.append(
          "  - {name: rule %d, objective: p95 < %dms, series: GET /%d*}%n".formatted(i, i, i));
    }
    Files.writeString(folder.resolve("many.yaml"), rules);
    Files.writeString(folder.resolve("more.yaml"), rules.append("  - p95 < 1s\n"));

    long started = System.nanoTime();
    Ran applied = tailrace("rules", "apply", "many.yaml");
    assertThat(applied.lines()).containsExactly("applied many: 10000 objectives for * in *");
    assertThat(applied.err()).contains("judged by 2000 objectives at most");
    assertThat(tailrace("rules", "list").lines()).hasSizeGreaterThanOrEqualTo(10_001);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(60));
    Ran more = tailrace("rules", "apply", "more.yaml");
    assertThat(more.exitCode()).isEqualTo(2);
    assertThat(more.err()).contains("10001 objectives; expected at most 10000");
    Files.writeString(
        folder.resolve("huge.yaml"),
        "name: huge\nsla:\n" + rulesOfLongSeries().collect(Collectors.joining()));
    Ran huge = tailrace("rules", "apply", "huge.yaml");
    assertThat(huge.exitCode()).isEqualTo(1);
    assertThat(huge.err()).contains("cannot write huge to").contains("more room than a record has");
    assertThat(tailrace("rules", "delete", "many").exitCode()).isZero();
  }

  /** Said in few bytes, kept in twice as many: as the rule's name, and as its series. */
  private static Stream<String> rulesOfLongSeries() {
    String series = "n".repeat(100);
    return IntStream.range(0, 6_000)
        .mapToObj(i -> "  - 'p95 < 1s on \"%s%d\"'%n".formatted(series, i));
  }

  private void writeRaw(String topic, String key, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value)).get();
    }
  }

  @Test
  void convertsThresholds() throws IOException {
    Files.writeString(
        folder.resolve("load.js"),
        "export const options = { thresholds: { http_req_failed: ['rate<0.01'], checks: ['rate>1']"
            + " } }");

    Ran ran =
        Ran.run(folder, Map.of("XDG_STATE_HOME", folder.toString()), "rules", "convert", "load.js");

    assertThat(ran.lines()).contains("sla:", "    objective: \"error_rate < 1%\"", "    over: run");
    assertThat(ran.err()).contains("# checks: rate>1: not kept");
  }

  private void happened(String run, RunEventKind kind) {
    RunEvent event =
        RunEvent.newBuilder()
            .setRun(run)
            .setKind(kind)
            .setNode(null)
            .setAtMicros(0)
            .setDescription(null)
            .setStartMicros(0)
            .setEndMicros(null)
            .setNodesJoined(1)
            .setNodesExpected(1)
            .setMessage(kind.toString())
            .build();
    TopicWriter.write(connection, topics.runs(), run + "/" + kind, event);
  }

  private void summarise(String run, Verdict verdict, @Nullable String stopped) {
    ObjectiveResult result =
        ObjectiveResult.newBuilder()
            .setObjective(Rule.parse("p95 < 500ms").toRecord())
            .setStatus(verdict == Verdict.FAILED ? ObjectiveStatus.FAILED : ObjectiveStatus.PASSED)
            .setReason(verdict == Verdict.FAILED ? "900 ms <&> at worst" : "")
            .setFirstFailedMicros(null)
            .setWorst(null)
            .setBrokenMicros(0)
            .build();
    RunSummary summary =
        RunSummary.newBuilder()
            .setRun(run)
            .setRevision(0)
            .setDescription(null)
            .setStartMicros(0)
            .setEndMicros(1)
            .setFirstSampleMicros(null)
            .setLastSampleMicros(null)
            .setRequests(10)
            .setErrors(1)
            .setLate(0)
            .setClamped(0)
            .setThroughput(1)
            .setErrorRatePercent(10)
            .setResponseTime(null)
            .setServiceTime(null)
            .setSeriesCount(1)
            .setOverflowRequests(0)
            .setLedger(List.of())
            .setObjectives(List.of(result))
            .setVerdict(verdict)
            .setReasons(List.of())
            .setStopped(stopped)
            .build();
    TopicWriter.write(connection, topics.summaries(), run, summary);
  }
}
