package io.tailrace.aggregator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.embedded.TestKafka;
import io.tailrace.objective.Rule;
import io.tailrace.record.Aggregate;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.SampleBatchWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objectives judged by a running aggregator: in time, and the same when it is killed. */
@Timeout(300)
class ObjectivesIT {
  private static final long SECOND = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final TestKafka kafka = TestKafka.shared();

  @Test
  void opensWithinTwoSecondsOfTheWindowThatDecidesAndStopsTheFleet() throws Exception {
    TestRun run = TestRun.create(kafka, "objectives-live");
    long start = nowMicros();
    try (Aggregator aggregator = Aggregator.start(run.config());
        Node node =
            new Node(
                run, RunMode.LIVE, start, "p95 < 500ms over 1s min 1 severity critical abort")) {
      boolean stopped = false;
      for (int flush = 0; flush < 300 && !stopped; flush++) {
        node.sample(nowMicros() - 1_000, flush < 20 ? 10_000 : 900_000);
        node.flush(nowMicros() - 500);
        stopped = flush % 5 == 4 && !read(run, run.topics().commands(), RunCommand.class).isEmpty();
        Thread.sleep(100);
      }
      assertThat(aggregator.counters().deadLetters().sum()).isZero();
      node.leave(LeaveReason.ABORTED);
      node.flush(nowMicros());

      RunSummary summary = run.awaitSummary(PATIENCE);
      assertThat(summary.getVerdict()).isEqualTo(Verdict.FAILED);
      assertThat(summary.getStopped()).isNotNull();
      ConsumerRecord<byte[], byte[]> record = run.records(run.topics().violations()).get(0);
      Violation opened = read(run, run.topics().violations(), Violation.class).get(0);
      // The broker's append time: what a reader of the topic sees right after.
      assertThat(record.timestamp() * 1_000 - opened.getAtMicros()).isBetween(0L, 2 * SECOND);
      assertThat(opened.getSinceMicros()).isGreaterThanOrEqualTo(start);
      RunCommand command = read(run, run.topics().commands(), RunCommand.class).get(0);
      assertThat(command.getReason()).contains("900 ms");
    }
  }

  /** Killed while an episode is pending, while it fires, and while it recovers. */
  @Test
  void saysTheSameWhenKilledInEveryState(@TempDir Path folder) throws Exception {
    TestRun run = TestRun.create(kafka, "objectives-killed");
    long start = TestRun.T0;
    Instance instance = new Instance(run, folder);
    try (Node node =
        new Node(run, RunMode.REPLAY, start, "p95 < 500ms over 1s for 3s recover 3s min 1")) {
      String windows = "hhbbbbhhhh";
      for (int second = 0; second < windows.length(); second++) {
        boolean broken = windows.charAt(second) == 'b';
        node.sample(start + second * SECOND + 500_000, broken ? 900_000 : 10_000);
        node.flush(start + (second + 1) * SECOND);
        long closed = start + second * SECOND;
        instance.awaitWindow(node, closed);
        boolean pending = second == 2;
        boolean firing = second == 4;
        boolean recovering = second == 6;
        if (pending || firing || recovering) {
          instance.killAndRestart();
        }
      }
      node.leave(LeaveReason.DONE);
      node.flush(start + windows.length() * SECOND);
      RunSummary summary = run.awaitSummary(PATIENCE);

      List<Violation> violations = read(run, run.topics().violations(), Violation.class);
      assertThat(violations)
          .extracting(
              v ->
                  "%s %d.%d since %d at %d"
                      .formatted(
                          v.getState(),
                          v.getEpisode(),
                          v.getSequence(),
                          (v.getSinceMicros() - start) / SECOND,
                          (v.getAtMicros() - start) / SECOND))
          .containsExactly("OPENED 1.0 since 2 at 5", "RESOLVED 1.1 since 2 at 9");
      assertThat(violations.get(0).getId()).isEqualTo(violations.get(1).getId());
      ObjectiveResult result = summary.getObjectives().get(0);
      assertThat(summary.getVerdict()).isEqualTo(Verdict.FAILED);
      assertThat(result.getBrokenMicros()).isEqualTo(4 * SECOND);
      assertThat(instance.kills).isEqualTo(3);
    } finally {
      instance.kill();
    }
  }

  /** An aggregator in a process of its own. */
  private final class Instance {
    private final TestRun run;
    private final Path properties;
    private final Path log;
    private Process process;
    int kills;

    Instance(TestRun run, Path folder) throws IOException {
      this.run = run;
      properties = folder.resolve("aggregator.properties");
      log = folder.resolve("aggregator.log");
      Properties settings = run.properties(run.topics().samples() + "-aggregator");
      try (Writer writer = Files.newBufferedWriter(properties)) {
        settings.store(writer, null);
      }
      process = launch();
    }

    private Process launch() throws IOException {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      return new ProcessBuilder(
              java.toString(),
              "-Xmx512m",
              "-Dorg.apache.kafka.automatic.config.providers=none",
              "-cp",
              System.getProperty("java.class.path"),
              FaultyAggregator.class.getName(),
              properties.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    void killAndRestart() throws IOException, InterruptedException {
      kill();
      kills++;
      process = launch();
    }

    /** Waits until a window, and with it the state it left behind, is committed. */
    void awaitWindow(Node node, long startMicros) throws Exception {
      Predicate<Aggregate> isIt =
          one -> one.getWindowStartMicros() == startMicros && one.getWindowMicros() == SECOND;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (read(run, run.topics().windows(), Aggregate.class).stream().noneMatch(isIt)) {
        assertThat(System.nanoTime()).as(() -> "no window: " + tail()).isLessThan(deadline);
        // Says that the node is still there, so that nobody takes a restart for its silence.
        node.repeat();
        Thread.sleep(200);
      }
    }

    private String tail() {
      try {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
      } catch (IOException e) {
        return e.toString();
      }
    }
  }

  /** One load node of a run with one objective. */
  private final class Node implements AutoCloseable {
    private final TestRun run;
    private final long epochMicros;
    private final RunMode mode;
    private final SampleBatchWriter writer;
    private final KafkaProducer<byte[], byte[]> producer;
    private long sequence;
    private long published;
    private long watermark;
    private boolean begun;

    Node(TestRun run, RunMode mode, long epochMicros, String objective) {
      this.run = run;
      this.mode = mode;
      this.epochMicros = epochMicros;
      String subject = SchemaRegistry.valueSubject(run.topics().samples());
      writer = new SampleBatchWriter(registry().register(subject, SampleBatch.getClassSchema()));
      producer =
          new KafkaProducer<>(
              new HashMap<>(kafka.clientProperties()),
              new ByteArraySerializer(),
              new ByteArraySerializer());
      begin();
      writer.joined(description(mode, objective));
    }

    private void begin() {
      if (!begun) {
        writer.begin("run-1", "node-1", epochMicros);
        begun = true;
      }
    }

    void sample(long endMicros, long latencyMicros) {
      begin();
      int series = writer.series("home", "GET", "", Map.of());
      writer.sample(writer.outcome(series, 200, null), endMicros, latencyMicros, 0, -1, 0, 10, 100);
    }

    void leave(LeaveReason reason) {
      begin();
      writer.left(reason, reason == LeaveReason.ABORTED ? "an objective failed" : "");
    }

    void flush(long watermarkMicros) throws ExecutionException, InterruptedException {
      watermark = watermarkMicros;
      repeat();
    }

    /** Publishes what there is, with the promise made last. */
    void repeat() throws ExecutionException, InterruptedException {
      begin();
      begun = false;
      long sent = mode == RunMode.LIVE ? nowMicros() : watermark;
      byte[] value = writer.finish(sequence++, published, 0, sent, watermark);
      published += writer.sampleCount();
      byte[] key = "run-1".getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(run.topics().samples(), key, value)).get();
    }

    @Override
    public void close() {
      producer.close(Duration.ofSeconds(5));
    }
  }

  private static RunDescription description(RunMode mode, String objective) {
    return RunDescription.newBuilder()
        .setTestName("checkout")
        .setEnvironment("staging")
        .setVersion("")
        .setTags(Map.of())
        .setMode(mode)
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(1)
        .setPlan("the plan's text")
        .setObjectives(List.of(Rule.parse(objective).toRecord()))
        .setReportUrl(null)
        .build();
  }

  private <T extends SpecificRecord> List<T> read(TestRun run, String topic, Class<T> type) {
    AvroDeserializer<T> deserializer = new AvroDeserializer<>(type, registry());
    List<T> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : run.records(topic)) {
      if (record.value() != null) {
        all.add(deserializer.deserialize(topic, record.value()));
      }
    }
    return all;
  }

  private SchemaRegistry registry() {
    return new HttpSchemaRegistry(kafka.clientProperties());
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
