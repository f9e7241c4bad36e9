package io.tailrace.endtoend;

import io.tailrace.config.KafkaConnection;
import io.tailrace.embedded.EmbeddedKafka;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Broker, registry and topics of a test, and what is in them. */
final class Cluster implements AutoCloseable {
  private final EmbeddedKafka kafka = EmbeddedKafka.start();
  private final SchemaRegistryServer registry =
      SchemaRegistryServer.start(kafka.bootstrapServers(), 0);
  private final Map<String, Object> client =
      KafkaConnection.of(
              Map.of(
                  "bootstrap.servers",
                  kafka.bootstrapServers(),
                  KafkaConnection.REGISTRY_URL,
                  registry.url(),
                  "isolation.level",
                  "read_committed"))
          .clientProperties();
  final Topics topics = Topics.defaults();

  Cluster() {
    try (Admin admin = Admin.create(client)) {
      new TopicCatalogue(topics, 4).create(admin, (short) 1);
    }
  }

  /** What a process needs to find it. */
  Map<String, String> environment() {
    return Map.of(
        "TAILRACE_KAFKA_BOOTSTRAP_SERVERS",
        kafka.bootstrapServers(),
        "TAILRACE_KAFKA_SCHEMA_REGISTRY_URL",
        registry.url());
  }

  /** Every record of a topic that can be read now, in the order of its partitions. */
  <T extends SpecificRecord> List<T> read(String topic, Class<T> type) {
    List<T> all = new ArrayList<>();
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
          if (value != null) {
            all.add(value);
          }
        }
      }
    }
    return all;
  }

  @Override
  public void close() {
    registry.close();
    kafka.close();
  }
}
