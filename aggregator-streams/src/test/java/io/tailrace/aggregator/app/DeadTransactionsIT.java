package io.tailrace.aggregator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.embedded.TestKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a dead instance leaves open, on a real broker. */
@Timeout(120)
class DeadTransactionsIT {
  private final TestKafka kafka = TestKafka.shared();
  private final String application = kafka.uniqueName("dead");
  private final String topic = application + "-results";
  private final TopicPartition partition = new TopicPartition(topic, 0);
  private final Admin admin = Admin.create(kafka.clientProperties());
  private final DeadTransactions dead =
      new DeadTransactions(application, List.of(topic), admin, () -> false);

  @BeforeEach
  void createTopic() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
  }

  @AfterEach
  void close() {
    admin.close(Duration.ZERO);
  }

  @Test
  void endsATransactionWhoseThreadIsNoMemberOfTheGroupAtItsSecondLook() throws Exception {
    UUID gone = UUID.randomUUID();
    UUID alive = UUID.randomUUID();
    try (KafkaConsumer<byte[], byte[]> member = member(alive, 1);
        KafkaProducer<byte[], byte[]> ofTheDead = openTransaction(gone, 1);
        KafkaProducer<byte[], byte[]> ofTheLiving = openTransaction(alive, 1)) {
      dead.run();
      assertThat(open()).as("who is just joining is not taken for dead").isEqualTo(2);

      await().atMost(Duration.ofSeconds(30)).until(() -> lookAgain() == 1);
      dead.run();

      ofTheLiving.commitTransaction();
      await("everybody can read on")
          .atMost(Duration.ofSeconds(30))
          .until(() -> open() == 0 && stable() == end());
      assertThat(member.assignment()).isNotEmpty();
      ofTheDead.close(Duration.ZERO);
    }
  }

  @Test
  void touchesNothingWhenItCannotTellWhoseAMemberIs() throws Exception {
    try (KafkaConsumer<byte[], byte[]> stranger = member("named-by-its-owner");
        KafkaProducer<byte[], byte[]> someones = openTransaction(UUID.randomUUID(), 1)) {
      dead.run();
      dead.run();
      dead.run();

      assertThat(open()).isEqualTo(1);
      someones.commitTransaction();
      assertThat(stranger.assignment()).isNotEmpty();
    }
  }

  @Test
  void looksOnlyWhileTheInstanceWaitsForItsTasks() throws Exception {
    DeadTransactions running = new DeadTransactions(application, List.of(topic), admin, () -> true);
    try (KafkaProducer<byte[], byte[]> someones = openTransaction(UUID.randomUUID(), 1)) {
      running.run();
      running.run();

      someones.commitTransaction();
    }
  }

  private long lookAgain() throws Exception {
    dead.run();
    return open();
  }

  /** Transactions of the application that are under way. */
  private long open() throws Exception {
    return admin.listTransactions().all().get().stream()
        .filter(one -> one.transactionalId().startsWith(application))
        .filter(one -> one.state() == org.apache.kafka.clients.admin.TransactionState.ONGOING)
        .count();
  }

  private long stable() throws Exception {
    return offset(IsolationLevel.READ_COMMITTED);
  }

  private long end() throws Exception {
    return offset(IsolationLevel.READ_UNCOMMITTED);
  }

  private long offset(IsolationLevel level) throws Exception {
    return Objects.requireNonNull(
            admin
                .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(level))
                .partitionResult(partition)
                .get())
        .offset();
  }

  private KafkaProducer<byte[], byte[]> openTransaction(UUID process, int thread) throws Exception {
    Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
    settings.put(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG, application + "-" + process + "-" + thread);
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
    return producer;
  }

  private KafkaConsumer<byte[], byte[]> member(UUID process, int thread) {
    return member(application + "-" + process + "-StreamThread-" + thread + "-consumer");
  }

  private KafkaConsumer<byte[], byte[]> member(String clientId) {
    Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, application);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of(topic));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              consumer.poll(Duration.ofMillis(100));
              return !consumer.assignment().isEmpty();
            });
    return consumer;
  }
}
