package io.tailrace.publisher;

import io.tailrace.record.SampleBatch;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.wire.SampleBatchWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a publisher needs of Kafka and the registry, tried before any load is sent. */
final class SamplesOutlet {

  private final int schemaId;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final Producer<byte[], byte[]> first;
  private final String topic;
  private final String run;
  private final long windowBytes;

  private SamplesOutlet(
      int schemaId,
      Supplier<Producer<byte[], byte[]>> producers,
      Producer<byte[], byte[]> first,
      String topic,
      String run,
      long windowBytes) {
    this.schemaId = schemaId;
    this.producers = producers;
    this.first = first;
    this.topic = topic;
    this.run = run;
    this.windowBytes = windowBytes;
  }

  /** Registers the schema and waits until the topic can be seen. */
  static SamplesOutlet open(
      Map<String, ?> kafka,
      @Nullable SchemaRegistry given,
      String topic,
      NodeIdentity identity,
      MemoryShares shares,
      Duration patience) {
    Map<String, Object> properties =
        ProducerProperties.from(kafka, "tailrace-publisher-" + identity.node(), shares);
    SchemaRegistry registry = given != null ? given : new HttpSchemaRegistry(kafka);
    String subject = SchemaRegistry.valueSubject(topic);
    int schemaId =
        "false".equals(String.valueOf(kafka.get("auto.register.schemas")))
            ? registry.idOf(subject, SampleBatch.getClassSchema())
            : registry.register(subject, SampleBatch.getClassSchema());
    Producer<byte[], byte[]> first = new KafkaProducer<>(properties);
    try {
      awaitTopic(first, topic, patience, kafka.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG));
    } catch (RuntimeException e) {
      first.close(Duration.ZERO);
      throw e;
    }
    return new SamplesOutlet(
        schemaId,
        () -> new KafkaProducer<>(properties),
        first,
        topic,
        identity.run(),
        shares.windowBytes());
  }

  private static void awaitTopic(
      Producer<?, ?> producer, String topic, Duration patience, @Nullable Object servers) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        producer.partitionsFor(topic);
        return;
      } catch (TimeoutException e) {
        if (System.nanoTime() - deadline >= 0) {
          throw new KafkaException(
              "looking for topic %s at %s: not seen within %d ms; is Kafka there, and has the topic been created?"
                  .formatted(topic, servers, patience.toMillis()),
              e);
        }
      }
    }
  }

  SampleBatchWriter writer() {
    return new SampleBatchWriter(schemaId);
  }

  Delivery delivery(MemoryBudget budget) {
    byte[] key = run.getBytes(StandardCharsets.UTF_8);
    return new Delivery(producers, first, budget, topic, key, windowBytes);
  }
}
