package io.tailrace.aggregator.proof;

import static org.apache.kafka.clients.consumer.ConsumerConfig.ISOLATION_LEVEL_CONFIG;

import io.tailrace.embedded.KafkaProcess;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.record.SampleBatch;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.TopicSpec;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker in a process of its own, a registry, the topics, and what a proof asks of them. */
final class ProofCluster implements AutoCloseable {
  private static final int PARTITIONS = 4;
  private static final int WIRE_HEADER_BYTES = 5;

  private final Path folder;
  private final KafkaProcess broker;
  private final SchemaRegistryServer registryServer;
  private final SchemaRegistry registry;
  private final Topics topics = Topics.defaults();
  private final Admin admin;
  private int instances;

  private ProofCluster(Path folder, KafkaProcess broker, SchemaRegistryServer registryServer) {
    this.folder = folder;
    this.broker = broker;
    this.registryServer = registryServer;
    this.registry = new HttpSchemaRegistry(Map.of("schema.registry.url", registryServer.url()));
    this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  static ProofCluster start(Path folder) {
    KafkaProcess broker =
        KafkaProcess.start(
            folder.resolve("broker"), Map.of("group.min.session.timeout.ms", "1000"));
    try {
      ProofCluster cluster =
          new ProofCluster(
              folder, broker, SchemaRegistryServer.start(broker.bootstrapServers(), 0));
      cluster.createTopics();
      return cluster;
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  KafkaProcess broker() {
    return broker;
  }

  int samplesSchemaId() {
    return registry.register(
        SchemaRegistry.valueSubject(topics.samples()), SampleBatch.getClassSchema());
  }

  /** Starts an instance of the application; all with the same id share its work. */
  AggregatorProcess aggregator(
      String applicationId, Map<String, String> settings, String... systemProperties) {
    String name = applicationId + "-" + ++instances;
    Properties configuration = new Properties();
    configuration.put("kafka.bootstrap.servers", broker.bootstrapServers());
    configuration.put("kafka.schema.registry.url", registryServer.url());
    configuration.put("kafka.state.dir", folder.resolve("state-" + name).toString());
    configuration.put("application.id", applicationId);
    configuration.put("http.port", "-1");
    configuration.putAll(settings);
    return AggregatorProcess.start(folder, name, configuration, systemProperties);
  }

  Producer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.bootstrapServers(),
            ProducerConfig.LINGER_MS_CONFIG,
            "5",
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            "300000",
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            "300000"),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  String samples() {
    return topics.samples();
  }

  /** Records of the input that the application has not committed yet. */
  long outstanding(String applicationId) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    partitions(topics.samples()).forEach(partition -> ends.put(partition, OffsetSpec.latest()));
    try {
      long all =
          admin.listOffsets(ends).all().get().values().stream()
              .mapToLong(end -> end.offset())
              .sum();
      return all - committed(applicationId);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot ask for offsets of " + topics.samples(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking for offsets", e);
    }
  }

  /** Records of the input that the application has committed. */
  long committed(String applicationId) {
    try {
      return admin
          .listConsumerGroupOffsets(applicationId)
          .partitionsToOffsetAndMetadata()
          .get()
          .entrySet()
          .stream()
          .filter(entry -> entry.getKey().topic().equals(topics.samples()))
          .filter(entry -> entry.getValue() != null)
          .mapToLong(entry -> entry.getValue().offset())
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot ask for offsets of " + applicationId, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking for offsets", e);
    }
  }

  Results results() {
    Results results = new Results();
    read(topics.windows(), record -> results.add(decode(record.value())));
    return results;
  }

  /** The last summary of each run. */
  Map<String, GenericRecord> summaries() {
    Map<String, GenericRecord> summaries = new TreeMap<>();
    read(
        topics.summaries(),
        record -> {
          GenericRecord summary = decode(record.value());
          summaries.put(summary.get("run").toString(), summary);
        });
    return summaries;
  }

  long deadLetters() {
    long[] count = {0};
    read(topics.deadLetters(), record -> count[0]++);
    return count[0];
  }

  /**
   * One hash for each output topic, over all keys and values. What has one key is in its order;
   * keys are not in any, since what several runs decide may meet in one partition: which of them
   * was read first is not in the input.
   */
  Map<String, String> hashes() {
    Map<String, String> hashes = new TreeMap<>();
    for (String topic :
        List.of(topics.windows(), topics.runs(), topics.summaries(), topics.deadLetters())) {
      Map<String, MessageDigest> keys = new TreeMap<>();
      read(
          topic,
          record -> {
            byte[] key = record.key() == null ? new byte[0] : record.key();
            byte[] value = record.value() == null ? new byte[0] : record.value();
            MessageDigest digest =
                keys.computeIfAbsent(HexFormat.of().formatHex(key), any -> sha256());
            digest.update(ByteBuffer.allocate(4).putInt(value.length).array());
            digest.update(value);
          });
      MessageDigest all = sha256();
      keys.forEach(
          (key, digest) -> {
            all.update(ByteBuffer.allocate(4).putInt(key.length()).array());
            all.update(key.getBytes(StandardCharsets.US_ASCII));
            all.update(digest.digest());
          });
      hashes.put(topic, HexFormat.of().formatHex(all.digest()));
    }
    return hashes;
  }

  /** Makes the output topics new, so that the same input can be aggregated from scratch. */
  void emptyOutputs() {
    List<String> outputs =
        List.of(topics.windows(), topics.runs(), topics.summaries(), topics.deadLetters());
    try {
      admin.deleteTopics(outputs).all().get();
      while (admin.listTopics().names().get().stream().anyMatch(outputs::contains)) {
        Thread.onSpinWait();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot delete " + outputs, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while deleting topics", e);
    }
    createTopics();
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
    registryServer.close();
    broker.close();
  }

  private void createTopics() {
    new TopicCatalogue(topics, PARTITIONS).create(admin, (short) 1);
  }

  private List<TopicPartition> partitions(String topic) {
    return new TopicCatalogue(topics, PARTITIONS)
        .topics().stream()
            .filter(spec -> spec.name().equals(topic))
            .mapToInt(TopicSpec::partitions)
            .boxed()
            .flatMap(count -> IntStream.range(0, count).boxed())
            .map(number -> new TopicPartition(topic, number))
            .toList();
  }

  private void read(String topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = partitions(topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < end(ends, one))) {
        consumer.poll(Duration.ofMillis(200)).forEach(each);
      }
    }
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }

  private GenericRecord decode(byte[] value) {
    ByteBuffer header = ByteBuffer.wrap(value);
    if (header.get() != 0) {
      throw new AssertionError("not in the wire format: " + HexFormat.of().formatHex(value, 0, 5));
    }
    try {
      return new GenericDatumReader<GenericRecord>(registry.byId(header.getInt()))
          .read(
              null,
              DecoderFactory.get()
                  .binaryDecoder(value, WIRE_HEADER_BYTES, value.length - WIRE_HEADER_BYTES, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
