package io.tailrace.aggregator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.embedded.TestKafka;
import io.tailrace.record.Aggregate;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.SampleBatch;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.SampleBatchWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A run published to topics of its own, with a ledger of everything that was. */
final class TestRun {
  /** A whole minute of 2019: nothing may depend on the clock of today. */
  static final long T0 = 1_550_000_040_000_000L;

  private static final long SECOND = 1_000_000;
  private static final int PARTITIONS = 4;

  private final TestKafka kafka;
  private final Topics topics;
  private final SchemaRegistry registry;
  private final SampleLedger ledger = new SampleLedger();
  private final String run = "run-1";

  private TestRun(TestKafka kafka, String name) {
    this.kafka = kafka;
    topics = Topics.withPrefix(kafka.uniqueName(name) + ".");
    registry = new HttpSchemaRegistry(kafka.clientProperties());
    try (Admin admin = Admin.create(kafka.clientProperties())) {
      new TopicCatalogue(topics, PARTITIONS).create(admin, (short) 1);
    }
  }

  static TestRun create(TestKafka kafka, String name) {
    return new TestRun(kafka, name);
  }

  SampleLedger ledger() {
    return ledger;
  }

  Topics topics() {
    return topics;
  }

  /** What an aggregator of this run is started with, as a file of properties. */
  Properties properties(String applicationId) {
    Properties properties = new Properties();
    kafka
        .clientProperties()
        .forEach((name, value) -> properties.setProperty("kafka." + name, value.toString()));
    properties.setProperty("topics.prefix", topics.samples().replaceFirst("samples$", ""));
    properties.setProperty("topics.partitions", String.valueOf(PARTITIONS));
    properties.setProperty("application.id", applicationId);
    return properties;
  }

  AggregatorConfig config() {
    return FaultyAggregator.config(properties(topics.samples() + "-aggregator"));
  }

  /**
   * Publishes seconds of a replayed run, ten flushes a second; every seventh node's batches reach
   * the log up to three seconds after the others'.
   */
  void publish(int nodes, int seconds, int perBatch, long seed) throws Exception {
    int schema =
        registry.register(
            SchemaRegistry.valueSubject(topics.samples()), SampleBatch.getClassSchema());
    Random random = new Random(seed);
    List<Node> all = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      all.add(new Node("node-" + i, i % 7 == 3 ? 30 : 0, new SampleBatchWriter(schema), nodes));
    }
    byte[] key = run.getBytes(StandardCharsets.UTF_8);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int flush = 0; flush < seconds * 10 + 30; flush++) {
        for (Node node : all) {
          byte[] value = node.flush(flush - node.behind, seconds * 10, perBatch, random);
          if (value != null) {
            sent.add(producer.send(new ProducerRecord<>(topics.samples(), key, value)));
          }
        }
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    }
  }

  private final class Node {
    final String name;
    final int behind;
    final SampleBatchWriter writer;
    final int nodes;
    long published;

    Node(String name, int behind, SampleBatchWriter writer, int nodes) {
      this.name = name;
      this.behind = behind;
      this.writer = writer;
      this.nodes = nodes;
    }

    byte @org.jspecify.annotations.Nullable [] flush(
        int flush, int flushes, int perBatch, Random random) {
      if (flush < 0 || flush >= flushes) {
        return null;
      }
      long from = T0 + flush * SECOND / 10;
      writer.begin(run, name, T0);
      if (flush == 0) {
        writer.joined(description(nodes));
      }
      for (int i = 0; i < perBatch; i++) {
        String series = "step-" + random.nextInt(5);
        long end = from + random.nextInt((int) SECOND / 10);
        long latency = 100 + (long) Math.exp(random.nextDouble() * 13);
        long delay = random.nextInt(3) == 0 ? random.nextInt(5_000) : 0;
        boolean failed = random.nextInt(50) == 0;
        int outcome =
            writer.outcome(
                writer.series(series, "GET", "", Map.of()),
                failed ? 503 : 200,
                failed ? "HTTP 503" : null);
        writer.sample(outcome, end, latency, delay, -1, 0, 10, 100);
        ledger.add(series, end, latency + delay);
      }
      if (flush == flushes - 1) {
        writer.left(LeaveReason.DONE, "");
      }
      long until = from + SECOND / 10;
      byte[] value = writer.finish(flush, published, 0, until, until);
      published += writer.sampleCount();
      return value;
    }
  }

  private static RunDescription description(int nodes) {
    return RunDescription.newBuilder()
        .setTestName("checkout")
        .setEnvironment("")
        .setVersion("")
        .setTags(Map.of())
        .setMode(RunMode.REPLAY)
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(nodes)
        .setPlan(null)
        .setObjectives(List.of())
        .setReportUrl(null)
        .build();
  }

  RunSummary awaitSummary() {
    return awaitSummary(Duration.ofSeconds(90));
  }

  RunSummary awaitSummary(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline) {
      List<RunSummary> summaries = read(topics.summaries(), RunSummary.class);
      if (!summaries.isEmpty()) {
        return summaries.get(summaries.size() - 1);
      }
    }
    throw new AssertionError("no summary within " + patience);
  }

  List<Aggregate> windows() {
    return read(topics.windows(), Aggregate.class);
  }

  private <T extends SpecificRecord> List<T> read(String topic, Class<T> type) {
    AvroDeserializer<T> deserializer = new AvroDeserializer<>(type, registry);
    List<T> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(topic)) {
      if (record.value() != null) {
        all.add(deserializer.deserialize(topic, record.value()));
      }
    }
    return all;
  }

  /** All committed records of a topic. */
  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(one -> new TopicPartition(topic, one.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
        consumer.poll(Duration.ofMillis(200)).forEach(all::add);
      }
    }
    assertThat(all).doesNotContainNull();
    return all;
  }
}
