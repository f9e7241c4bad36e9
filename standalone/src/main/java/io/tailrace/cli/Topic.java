package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.WireException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads a topic of results for a person: from its start, all of it, and then what comes. */
final class Topic<T extends SpecificRecord> implements AutoCloseable {
  private final String name;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final AvroDeserializer<T> deserializer;
  private final List<TopicPartition> partitions;

  Topic(String name, Class<T> type, KafkaConnection kafka) {
    this.name = name;
    Map<String, Object> settings = kafka.clientProperties();
    deserializer = new AvroDeserializer<>(type);
    deserializer.configure(settings, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partitions =
        consumer.partitionsFor(name).stream()
            .map(one -> new TopicPartition(name, one.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads all that is there now. */
  void readAll(Consumer<T> record) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream()
        .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
      poll(Duration.ofMillis(200), record);
    }
  }

  /** Reads what comes until told to stop. */
  void follow(Consumer<T> record, BooleanSupplier stop) {
    while (!stop.getAsBoolean()) {
      poll(Duration.ofMillis(200), record);
    }
  }

  void poll(Duration patience, Consumer<T> each) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      T value = read(record);
      if (value != null) {
        each.accept(value);
      }
    }
  }

  private @Nullable T read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return deserializer.deserialize(name, record.value());
    } catch (WireException e) {
      // What is not ours is nothing to show; the services have dead letters for it.
      return null;
    }
  }

  @Override
  public void close() {
    consumer.close();
    deserializer.close();
  }
}
