package io.tailrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
  private static final String TOPIC = "readings";

  @Test
  void isReadyWithinSecondsAndDeletesItsTemporaryData() throws Exception {
    Instant begun = Instant.now();
    Path folder;
    try (EmbeddedKafka broker = EmbeddedKafka.start()) {
      createTopic(broker);
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(20));
      folder = broker.dataFolder();
      assertThat(folder).isDirectory();
      assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
      try (Admin admin = admin(broker)) {
        assertThat(admin.describeTopics(List.of(TOPIC)).allTopicNames().get().values())
            .singleElement()
            .satisfies(topic -> assertThat(topic.partitions()).hasSize(4));
      }
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void showsCommittedTransactionsAndHidesAbortedOnes() throws Exception {
    try (EmbeddedKafka broker = EmbeddedKafka.start()) {
      createTopic(broker);
      try (KafkaProducer<String, String> producer = producer(broker, Optional.of("writer"))) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        producer.initTransactions();
        for (int transaction = 0; transaction < 10; transaction++) {
          producer.beginTransaction();
          for (int i = 0; i < 100; i++) {
            sent.add(producer.send(new ProducerRecord<>(TOPIC, "k" + i, transaction + "/" + i)));
          }
          producer.flush();
          if (transaction % 2 == 0) {
            producer.commitTransaction();
          } else {
            producer.abortTransaction();
          }
        }
        assertThat(sent).hasSize(1_000).allMatch(Future::isDone);
      }
      assertThat(values(broker, "read_committed"))
          .hasSize(500)
          .doesNotHaveDuplicates()
          .allMatch(value -> (value.charAt(0) - '0') % 2 == 0);
      assertThat(values(broker, "read_uncommitted")).hasSize(1_000);
    }
  }

  @Test
  void keepsDataAndClusterIdOverARestartOnTheSameFolder(@TempDir Path folder) throws Exception {
    String clusterId;
    List<String> written = new ArrayList<>();
    try (EmbeddedKafka broker = EmbeddedKafka.start(folder)) {
      clusterId = broker.clusterId();
      createTopic(broker);
      try (KafkaProducer<String, String> producer = producer(broker, Optional.empty())) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
          written.add("value-" + i);
          sent.add(producer.send(new ProducerRecord<>(TOPIC, "k" + i, "value-" + i)));
        }
        for (Future<RecordMetadata> record : sent) {
          record.get();
        }
      }
    }
    try (EmbeddedKafka broker = EmbeddedKafka.start(folder)) {
      assertThat(broker.clusterId()).isEqualTo(clusterId);
      assertThat(values(broker, "read_committed")).containsExactlyInAnyOrderElementsOf(written);
      try (Admin admin = admin(broker)) {
        assertThat(admin.describeCluster().clusterId().get()).isEqualTo(clusterId);
      }
    }
    assertThat(folder).isDirectory();
  }

  @Test
  void keepsTheCleanUpOfTransactionsAtTheBrokersDefault() throws Exception {
    try (EmbeddedKafka broker = EmbeddedKafka.start();
        Admin admin = admin(broker)) {
      ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
      assertThat(admin.describeConfigs(List.of(node)).all().get().values())
          .singleElement()
          .extracting(all -> all.get("transaction.abort.timed.out.transaction.cleanup.interval.ms"))
          .matches(ConfigEntry::isDefault);
    }
  }

  @Test
  void startsAgainOnTheSamePort(@TempDir Path folder) throws Exception {
    int port = LoopbackPorts.choose(0).clients();
    EmbeddedKafka.Builder builder = EmbeddedKafka.builder().dataFolder(folder).port(port);
    for (int life = 0; life < 2; life++) {
      try (EmbeddedKafka broker = builder.start()) {
        assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      }
    }
  }

  @Test
  void runsSeveralBrokersBesideEachOther() throws Exception {
    try (EmbeddedKafka one = EmbeddedKafka.start();
        EmbeddedKafka other = EmbeddedKafka.start()) {
      assertThat(one.clusterId()).isNotEqualTo(other.clusterId());
      createTopic(one);
      try (Admin admin = admin(other)) {
        assertThat(admin.listTopics().names().get()).doesNotContain(TOPIC);
      }
    }
  }

  @Test
  void saysThatThePortIsTaken(@TempDir Path folder) throws IOException {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      EmbeddedKafka.Builder builder =
          EmbeddedKafka.builder().dataFolder(folder).port(holder.getLocalPort());
      assertThatThrownBy(builder::start)
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageContaining("port " + holder.getLocalPort() + " on 127.0.0.1 is taken");
    }
  }

  @Test
  void saysThatTheFolderIsInUse(@TempDir Path folder) {
    try (EmbeddedKafka holder = EmbeddedKafka.start(folder)) {
      assertThatThrownBy(() -> EmbeddedKafka.start(holder.dataFolder()))
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageContaining(folder + " is in use by another running broker");
    }
  }

  @Test
  void saysThatTheFolderIsAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("data"), "x");
    assertThatThrownBy(() -> EmbeddedKafka.start(file))
        .isInstanceOf(EmbeddedKafkaException.class)
        .hasMessageContaining(file + " is a file");
    assertThatThrownBy(() -> EmbeddedKafka.start(file.resolve("below")))
        .isInstanceOf(EmbeddedKafkaException.class)
        .hasMessageContaining("cannot create the data folder " + file.resolve("below"));
  }

  @Test
  void saysThatABrokerPropertyIsWrong(@TempDir Path folder) {
    EmbeddedKafka.Builder builder =
        EmbeddedKafka.builder().dataFolder(folder).property("num.partitions", "many");
    assertThatThrownBy(builder::start)
        .isInstanceOf(EmbeddedKafkaException.class)
        .hasMessageContaining("num.partitions=many");
    assertThatThrownBy(() -> builder.property("listeners", "PLAINTEXT://0.0.0.0:9092"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("broker property listeners=PLAINTEXT://0.0.0.0:9092");
  }

  @Test
  void runsAsAProcessThatSurvivesKilling(@TempDir Path folder) throws Exception {
    try (KafkaProcess broker = KafkaProcess.start(folder)) {
      createTopic(broker.bootstrapServers());
      try (KafkaProducer<String, String> producer =
          producer(broker.bootstrapServers(), Optional.empty())) {
        producer.send(new ProducerRecord<>(TOPIC, "k", "before")).get();
        broker.kill();
        broker.startAgain();
        producer.send(new ProducerRecord<>(TOPIC, "k", "after")).get();
      }
      assertThat(values(broker.bootstrapServers(), "read_committed"))
          .containsExactly("before", "after");
    }
  }

  private static void createTopic(EmbeddedKafka broker) throws Exception {
    createTopic(broker.bootstrapServers());
  }

  private static void createTopic(String bootstrapServers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.empty(), Optional.empty())))
          .all()
          .get();
    }
  }

  private static Admin admin(EmbeddedKafka broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static KafkaProducer<String, String> producer(
      EmbeddedKafka broker, Optional<String> transactionalId) {
    return producer(broker.bootstrapServers(), transactionalId);
  }

  private static KafkaProducer<String, String> producer(
      String bootstrapServers, Optional<String> transactionalId) {
    Map<String, Object> configuration = new HashMap<>();
    configuration.put("bootstrap.servers", bootstrapServers);
    transactionalId.ifPresent(id -> configuration.put("transactional.id", id));
    return new KafkaProducer<>(configuration, new StringSerializer(), new StringSerializer());
  }

  private static List<String> values(EmbeddedKafka broker, String isolation) {
    return values(broker.bootstrapServers(), isolation);
  }

  /** Everything in the topic up to what is its end now. */
  private static List<String> values(String bootstrapServers, String isolation) {
    Map<String, Object> configuration =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            isolation,
            "auto.offset.reset",
            "earliest");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(configuration, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(TOPIC).stream()
              .map(partition -> new TopicPartition(TOPIC, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (!ends.entrySet().stream()
          .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }

  @Test
  void refusesAWrongCommandLineInOneLine() throws Exception {
    Process process =
        new ProcessBuilder(KafkaProcess.command("--porrt", "1")).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(output).startsWith("unknown option --porrt");
  }
}
