package io.tailrace.sink.core.runner;

import io.tailrace.record.DeadLetter;
import io.tailrace.wire.AvroSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A sink's own connections to Kafka. */
final class SinkClients {
  private SinkClients() {}

  /**
   * Reads what is committed, from the beginning where the group is new, and never commits alone.
   */
  static KafkaConsumer<byte[], byte[]> consumer(String name, Map<String, Object> kafka) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.putIfAbsent(ConsumerConfig.GROUP_ID_CONFIG, "tailrace-sink-" + name);
    properties.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, "tailrace-sink-" + name);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static KafkaProducer<byte[], DeadLetter> deadLetters(Map<String, Object> kafka) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    AvroSerializer<DeadLetter> values = new AvroSerializer<>();
    values.configure(kafka, false);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), values);
  }
}
