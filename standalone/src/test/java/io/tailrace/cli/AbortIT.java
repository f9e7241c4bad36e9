package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.config.KafkaConnection;
import io.tailrace.embedded.EmbeddedKafka;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.record.CommandKind;
import io.tailrace.record.RunCommand;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of processes that an objective stops, from the target's fault to the build's report. */
@Timeout(180)
class AbortIT {

  private static final String OBJECTIVE = "the shop answers";
  private static final int NODES = 3;

  @TempDir Path folder;
  private final EmbeddedKafka kafka = EmbeddedKafka.start();
  private final SchemaRegistryServer registry =
      SchemaRegistryServer.start(kafka.bootstrapServers(), 0);
  private final TargetServer target = TargetServer.start(Behaviour.PROMPT);
  private final Topics topics = Topics.defaults();
  private final List<Process> processes = new ArrayList<>();
  private final Map<String, Object> client =
      KafkaConnection.of(
              Map.of(
                  "bootstrap.servers",
                  kafka.bootstrapServers(),
                  KafkaConnection.REGISTRY_URL,
                  registry.url()))
          .clientProperties();

  /** A record with the moment from which it could be read. */
  private record Appended<T>(T record, long micros) {}

  @BeforeEach
  void createTopics() {
    try (Admin admin = Admin.create(client)) {
      new TopicCatalogue(topics, 4).create(admin, (short) 1);
    }
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
    target.close();
    registry.close();
    kafka.close();
  }

  @Test
  void anObjectiveStopsEveryNodeAndTheBuildLearnsWhy() throws Exception {
    Files.writeString(
        folder.resolve("plan.yaml"),
        """
        name: shop
        target: %s
        load: {rate: 150, duration: 2m}
        sla:
          - {name: %s, objective: p95 < 200ms, over: 1s, severity: critical, action: abort}
        """
            .formatted(target.url(), OBJECTIVE));
    start("aggregator", "aggregate", "--threads", "1");
    List<Process> nodes = new ArrayList<>();
    for (int node = 1; node <= NODES; node++) {
      nodes.add(
          start(
              "node-" + node,
              "load",
              "plan.yaml",
              "--run",
              "stopped",
              "--node",
              node + "/" + NODES,
              "--warm-up",
              "1s",
              "--wait"));
    }
    degradeTenSecondsAfterTheStart();
    for (Process node : nodes) {
      assertThat(node.waitFor(90, TimeUnit.SECONDS)).as(said()).isTrue();
      assertThat(node.exitValue()).as(said()).isEqualTo(ExitCode.RUN_FAILED);
    }
    for (int node = 1; node <= NODES; node++) {
      assertThat(folder.resolve("node-" + node))
          .content()
          .containsPattern("failed +" + OBJECTIVE)
          .contains("stopped: ");
    }

    Appended<Violation> opened =
        read(topics.violations(), Violation.class, Violation::getRun).stream()
            .filter(one -> one.record().getState() == ViolationState.OPENED)
            .findFirst()
            .orElseThrow();
    assertThat(opened.record().getObjective().getName()).isEqualTo(OBJECTIVE);
    assertThat(opened.micros() - opened.record().getAtMicros()).isLessThan(2_000_000);

    Appended<RunCommand> command =
        read(topics.commands(), RunCommand.class, RunCommand::getRun).stream()
            .filter(one -> one.record().getKind() == CommandKind.ABORT)
            .findFirst()
            .orElseThrow();
    assertThat(command.micros() - opened.record().getAtMicros()).isLessThan(2_000_000);
    long lastSent =
        read(topics.samples(), SampleBatch.class, SampleBatch::getRun).stream()
            .mapToLong(batch -> lastSentMicros(batch.record()))
            .max()
            .orElseThrow();
    assertThat(lastSent - command.micros()).isLessThan(1_000_000);

    Ran verdict = tailrace("verdict", "stopped", "--junit", "junit.xml");
    assertThat(verdict.exitCode()).isEqualTo(ExitCode.RUN_FAILED);
    assertThat(folder.resolve("junit.xml"))
        .content()
        .contains("failures=\"1\"", "name=\"" + OBJECTIVE + "\"", "p95 &lt; 200ms");
    listsTheRunAndFollowsItsCourse();
    judgesTheSameRunByOtherRules();
  }

  private void listsTheRunAndFollowsItsCourse() {
    Ran runs = tailrace("runs");
    assertThat(runs.exitCode()).isZero();
    assertThat(runs.lines()).hasSize(2);
    assertThat(runs.lines().get(1)).matches("stopped +shop +ended +[0-9.]+ +[0-9.]+ +3/3 +FAILED");
    Ran watched = tailrace("watch", "stopped");
    assertThat(watched.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(watched.lines())
        .anyMatch(line -> line.endsWith("run stopped started"))
        .anyMatch(line -> line.matches(".* req/s .* p95 [0-9.]+ ms, .* 3/3 nodes"))
        .anyMatch(line -> line.startsWith("FAILED: "))
        .anyMatch(line -> line.contains(OBJECTIVE + " failed"));
  }

  /** Stricter ones: what stopped the run breaks them, whatever made it slow on a busy machine. */
  private void judgesTheSameRunByOtherRules() throws IOException {
    int violations = read(topics.violations(), Violation.class, Violation::getRun).size();
    Files.writeString(
        folder.resolve("rules.yaml"),
        """
        name: other
        sla:
          - p95 < 150ms over 1s for 1s
          - error_rate < 1%
          - 'throughput > 1 on "GET /" over run'
        """);
    Ran strict = tailrace("rules", "test", "rules.yaml", "--run", "stopped");
    assertThat(strict.exitCode()).as(strict.toString()).isEqualTo(ExitCode.RUN_FAILED);
    assertThat(strict.lines())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).startsWith("FAILED p95 < 150ms"))
        .anySatisfy(line -> assertThat(line).startsWith("PASSED error_rate < 1%"))
        .anySatisfy(line -> assertThat(line).startsWith("PASSED throughput > 1"));
    Files.writeString(folder.resolve("lenient.yaml"), "name: lenient\nsla: [p95 < 10s]\n");
    assertThat(tailrace("rules", "test", "lenient.yaml", "--run", "stopped").exitCode()).isZero();
    Ran unknown = tailrace("rules", "test", "lenient.yaml", "--run", "never");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.err()).contains("run never has no summary");
    assertThat(read(topics.violations(), Violation.class, Violation::getRun)).hasSize(violations);
  }

  private Ran tailrace(String... arguments) {
    return Ran.run(
        folder,
        Map.of(
            "XDG_STATE_HOME",
            folder.toString(),
            "TAILRACE_KAFKA_BOOTSTRAP_SERVERS",
            kafka.bootstrapServers(),
            "TAILRACE_KAFKA_SCHEMA_REGISTRY_URL",
            registry.url()),
        arguments);
  }

  private void degradeTenSecondsAfterTheStart() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (target.ledger().received() < 10) {
      assertThat(processes).as(said()).allMatch(Process::isAlive);
      assertThat(System.nanoTime()).as(said()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(50);
    }
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(target.url() + "/_admin/degrade?after=10s&latency=400ms"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private Process start(String name, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dorg.apache.kafka.automatic.config.providers=none",
                "-cp",
                System.getProperty("java.class.path"),
                Tailrace.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name).toFile());
    builder.environment().put("XDG_STATE_HOME", folder.toString());
    builder.environment().put("TAILRACE_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    builder.environment().put("TAILRACE_KAFKA_SCHEMA_REGISTRY_URL", registry.url());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** What the processes printed, for a message. */
  private String said() throws IOException {
    StringBuilder said = new StringBuilder();
    for (String name : List.of("aggregator", "node-1", "node-2", "node-3")) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        said.append(name).append(":\n").append(Files.readString(file));
      }
    }
    return said.toString();
  }

  private static long lastSentMicros(SampleBatch batch) {
    long last = Long.MIN_VALUE;
    long end = batch.getBaseMicros();
    for (int i = 0; i < batch.getOutcome().size(); i++) {
      end += batch.getEndMicros().get(i);
      last = Math.max(last, end - batch.getLatencyMicros().get(i));
    }
    return last;
  }

  private <T extends SpecificRecord> List<Appended<T>> read(
      String topic, Class<T> type, Function<T, String> runOf) {
    List<Appended<T>> all = new ArrayList<>();
    client.put("isolation.level", "read_committed");
    try (AvroDeserializer<T> decoder = new AvroDeserializer<>(type);
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      decoder.configure(client, false);
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(one -> new TopicPartition(topic, one.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          T value = decoder.deserialize(topic, record.value());
          if (value != null && runOf.apply(value).equals("stopped")) {
            all.add(new Appended<>(value, TimeUnit.MILLISECONDS.toMicros(record.timestamp())));
          }
        }
      }
    }
    return all;
  }
}
