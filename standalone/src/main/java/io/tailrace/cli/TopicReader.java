package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.RegistryRefused;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Reads a topic from its beginning, outside any group; null values are deletions. */
final class TopicReader<T extends SpecificRecord> implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final AvroDeserializer<T> deserializer;
  private final List<TopicPartition> partitions;

  private TopicReader(KafkaConnection kafka, String topic, Class<T> type, @Nullable String key) {
    this.topic = topic;
    Map<String, Object> client = kafka.clientProperties();
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    deserializer = new AvroDeserializer<>(type, new HttpSchemaRegistry(client));
    int count = consumer.partitionsFor(topic).size();
    partitions =
        consumer.partitionsFor(topic).stream()
            .map(one -> new TopicPartition(topic, one.partition()))
            .filter(one -> key == null || one.partition() == partitionOf(key, count))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Of the whole topic. */
  static <T extends SpecificRecord> TopicReader<T> of(
      KafkaConnection kafka, String topic, Class<T> type) {
    return new TopicReader<>(kafka, topic, type, null);
  }

  /** Of the one partition that holds this key. */
  static <T extends SpecificRecord> TopicReader<T> of(
      KafkaConnection kafka, String topic, Class<T> type, String key) {
    return new TopicReader<>(kafka, topic, type, key);
  }

  private static int partitionOf(String key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
  }

  /** Hands over everything up to what is the end now. */
  void readToEnd(BiConsumer<String, @Nullable T> take) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      readMore(take);
    }
  }

  /** Likewise, but says what cannot be read instead of stopping at it. */
  void readToEnd(BiConsumer<String, @Nullable T> take, BiConsumer<String, String> unreadable) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        T value;
        try {
          value = deserializer.deserialize(topic, record.value());
        } catch (WireException | RegistryRefused fault) {
          unreadable.accept(keyOf(record), String.valueOf(fault.getMessage()));
          continue;
        }
        take.accept(keyOf(record), value);
      }
    }
  }

  /** Hands over what comes within a moment. */
  void readMore(BiConsumer<String, @Nullable T> take) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      take.accept(keyOf(record), deserializer.deserialize(topic, record.value()));
    }
  }

  private static String keyOf(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
