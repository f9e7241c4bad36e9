package io.tailrace.aggregator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.embedded.TestKafka;
import io.tailrace.record.RunSummary;
import io.tailrace.record.SampleBatch;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/** Topics of a test's own, for its runs, and what came of them. */
final class TestRun {
  /** A whole minute of 2019: nothing may depend on the clock of today. */
  static final long T0 = 1_550_000_040_000_000L;

  private static final int PARTITIONS = 4;

  private final TestKafka kafka;
  private final Topics topics;
  private final SchemaRegistry registry;

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
    return config("aggregator");
  }

  /** Of an application by itself: it reads the log from the beginning. */
  AggregatorConfig config(String application) {
    return FaultyAggregator.config(properties(topics.samples() + "-" + application));
  }

  KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        new HashMap<>(kafka.clientProperties()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Sends what is small only once it is compressed. */
  KafkaProducer<byte[], byte[]> generousProducer() {
    Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 << 20);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  int batchSchema() {
    return registry.register(
        SchemaRegistry.valueSubject(topics.samples()), SampleBatch.getClassSchema());
  }

  /** An id, beginning so, of a run that belongs in a partition. */
  String idIn(int partition, String name) {
    for (int i = 0; ; i++) {
      byte[] key = (name + "-" + i).getBytes(StandardCharsets.UTF_8);
      if (Utils.toPositive(Utils.murmur2(key)) % PARTITIONS == partition) {
        return name + "-" + i;
      }
    }
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

  <T extends SpecificRecord> List<T> read(String topic, Class<T> type) {
    return decoded(records(topic), type);
  }

  /** The values of records, in their order; deletions are left out. */
  <T extends SpecificRecord> List<T> decoded(
      List<ConsumerRecord<byte[], byte[]>> records, Class<T> type) {
    AvroDeserializer<T> deserializer = new AvroDeserializer<>(type, registry);
    List<T> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.value() != null) {
        all.add(deserializer.deserialize(record.topic(), record.value()));
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
