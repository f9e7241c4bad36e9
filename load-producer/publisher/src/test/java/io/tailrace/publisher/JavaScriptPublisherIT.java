package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.embedded.NeedsServer;
import io.tailrace.embedded.TestKafka;
import io.tailrace.embedded.TestServer;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.NodeLeft;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.SampleBatchReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The format is open: what {@code examples/publish.mjs} publishes is a run like any other. */
@Timeout(300)
@NeedsServer({TestServer.NODE, TestServer.NPM})
class JavaScriptPublisherIT {

  private static final int PARTITIONS = 8;
  private static final int SAMPLES = 1_000;

  private final TestKafka kafka = TestKafka.shared();
  private final Topics topics = Topics.withPrefix(kafka.uniqueName("javascript") + ".");

  @TempDir Path folder;

  @Test
  void publishesARunThatOurReaderReads() throws Exception {
    try (Admin admin = Admin.create(kafka.clientProperties())) {
      new TopicCatalogue(topics, PARTITIONS).create(admin, (short) 1);
    }
    Path examples = installExamples();
    // Several runs, so that a partitioner which agrees with Java's by chance is found out.
    for (String run : List.of("run-1", "run-2", "run-3", "läuft", "run-with-a-long-name-5")) {
      execute(
          examples,
          "node",
          "publish.mjs",
          "--bootstrap=" + kafka.bootstrapServers(),
          "--registry=" + kafka.registryUrl(),
          "--topic=" + topics.samples(),
          "--run=" + run,
          "--samples=" + SAMPLES);
    }

    Map<String, List<ConsumerRecord<String, byte[]>>> runs = readTopic();
    assertThat(runs).hasSize(5);
    runs.forEach(this::assertIsTheRun);
  }

  private void assertIsTheRun(String run, List<ConsumerRecord<String, byte[]>> records) {
    SampleBatchReader reader =
        new SampleBatchReader(
            new HttpSchemaRegistry(kafka.clientProperties()),
            SchemaRegistry.valueSubject(topics.samples()));
    int expected =
        BuiltInPartitioner.partitionForKey(run.getBytes(StandardCharsets.UTF_8), PARTITIONS);
    long samples = 0;
    long latency = 0;
    long received = 0;
    long failed = 0;
    for (ConsumerRecord<String, byte[]> record : records) {
      assertThat(record.partition()).as("partition of %s", run).isEqualTo(expected);
      reader.read(record.value());
      assertThat(reader.run()).isEqualTo(run);
      assertThat(reader.publishedBefore()).isEqualTo(samples);
      for (int i = 0; i < reader.sampleCount(); i++) {
        latency += reader.latencyMicros()[i];
        received += reader.bytesReceived()[i];
        failed += reader.outcomeFailed(reader.outcomes()[i]) ? 1 : 0;
      }
      samples += reader.sampleCount();
    }
    assertThat(records).hasSize(3);
    assertThat(samples).isEqualTo(SAMPLES);
    assertThat(failed).isEqualTo(SAMPLES / 10);
    assertThat(latency).isEqualTo(SAMPLES * 1_000L + SAMPLES * (SAMPLES - 1L) / 2);
    assertThat(received).isEqualTo(2 * (500L * 499 / 2));
    assertThat(reader.sequence()).isEqualTo(2);
    assertThat(reader.left()).isEqualTo(new NodeLeft(LeaveReason.DONE, "all sent"));
  }

  private Map<String, List<ConsumerRecord<String, byte[]>>> readTopic() {
    Map<String, List<ConsumerRecord<String, byte[]>>> runs = new HashMap<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topics.samples()).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                record -> runs.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(record));
      }
    }
    return runs;
  }

  /** A copy of the examples with what they depend on, the schemas where they look for them. */
  private Path installExamples() throws Exception {
    Path root = Path.of("..", "..").toAbsolutePath().normalize();
    copy(root.resolve("schemas/src/main/avro"), folder.resolve("schemas/src/main/avro"));
    Path examples = copy(root.resolve("examples"), folder.resolve("examples"));
    execute(examples, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    return examples;
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  private void execute(Path in, String... command) throws Exception {
    Path log = Files.createTempFile(folder, command[0], ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(ended && process.exitValue() == 0)
        .as("%s:%n%s", String.join(" ", command), Files.readString(log))
        .isTrue();
  }
}
