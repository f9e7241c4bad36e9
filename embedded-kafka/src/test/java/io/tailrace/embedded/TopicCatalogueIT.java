package io.tailrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.TopicSpec;
import io.tailrace.topics.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TopicCatalogueIT {
  private static final int ROUNDS = 3;

  /** One request for all partitions of a round, so that it gets there before they do. */
  private static final Map<String, Object> ONE_ATTEMPT =
      Map.of("retries", 0, "enable.idempotence", false, "acks", "all", "linger.ms", 20);

  @Test
  void returnsWhenEveryPartitionTakesRecordsAtTheFirstAttempt() throws Exception {
    TestKafka kafka = TestKafka.shared();
    List<String> refused = new ArrayList<>();
    try (Admin admin = Admin.create(kafka.clientProperties());
        KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      for (int round = 0; round < ROUNDS; round++) {
        Topics topics = Topics.withPrefix(kafka.uniqueName("ready") + ".");
        TopicCatalogue catalogue = new TopicCatalogue(topics, TopicCatalogue.DEFAULT_PARTITIONS);
        catalogue.create(admin, (short) 1);
        refused.addAll(write(producer, catalogue));
        admin.deleteTopics(catalogue.topics().stream().map(TopicSpec::name).toList()).all().get();
      }
    }
    assertThat(refused).isEmpty();
  }

  private static KafkaProducer<byte[], byte[]> producer(TestKafka kafka) {
    Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
    properties.putAll(ONE_ATTEMPT);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Writes to every partition and returns the refusals. */
  private static List<String> write(
      KafkaProducer<byte[], byte[]> producer, TopicCatalogue catalogue)
      throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (TopicSpec topic : catalogue.topics()) {
      for (int partition = topic.partitions() - 1; partition >= 0; partition--) {
        byte[] bytes = {1};
        sent.add(producer.send(new ProducerRecord<>(topic.name(), partition, bytes, bytes)));
      }
    }
    producer.flush();
    List<String> refused = new ArrayList<>();
    for (Future<RecordMetadata> record : sent) {
      try {
        record.get();
      } catch (ExecutionException e) {
        refused.add(e.getMessage());
      }
    }
    return refused;
  }
}
