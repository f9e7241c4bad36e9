package io.tailrace.aggregator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.config.KafkaConnection;
import io.tailrace.embedded.TestKafka;
import io.tailrace.objective.Rule;
import io.tailrace.record.RuleSet;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.RegistryUnavailable;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The organisation's rules as a running aggregator knows them. */
@Timeout(120)
class RuleBookIT {
  private final TestKafka kafka = TestKafka.shared();
  private final Topics topics = Topics.withPrefix(kafka.uniqueName("rules") + ".");
  private final KafkaConnection connection =
      KafkaConnection.of(
          Map.of(
              "bootstrap.servers",
              kafka.bootstrapServers(),
              KafkaConnection.REGISTRY_URL,
              kafka.registryUrl()));
  private final SchemaRegistry registry = new HttpSchemaRegistry(kafka.clientProperties());

  @BeforeEach
  void createTopics() {
    try (Admin admin = Admin.create(kafka.clientProperties())) {
      new TopicCatalogue(topics, 2).create(admin, (short) 1);
    }
  }

  @Test
  void knowsAllRuleSetsButTheOneThatCannotBeReadAndSaysWhich() throws Exception {
    write("a", encoded(rules("a", "p95 < 500ms")));
    write("broken", "not Avro at all".getBytes(StandardCharsets.UTF_8));
    write("unknown-schema", new byte[] {0, 0x7f, 0, 0, 1, 2, 3});
    write("z", encoded(rules("z", "error_rate < 1%")));
    try (RuleBook book = RuleBook.open(connection, registry, topics.rules())) {
      assertThat(names(book)).containsExactly("a", "z");
      assertThat(book.unreadable()).isEqualTo(2);

      write("broken", encoded(rules("broken", "p99 < 1s")));
      await(book, "a", "broken", "z");
      assertThat(book.unreadable()).isEqualTo(1);
    }
  }

  @Test
  void keepsWhatWasKnownUnderANameWhoseNewRulesCannotBeRead() throws Exception {
    write("shop", encoded(rules("shop", "p95 < 500ms")));
    try (RuleBook book = RuleBook.open(connection, registry, topics.rules())) {
      write("shop", new byte[] {1, 2, 3});
      write("later", encoded(rules("later", "p95 < 500ms")));
      await(book, "later", "shop");
      Awaitility.await().until(() -> book.unreadable() == 1);
    }
  }

  @Test
  void forgetsWhatIsDeletedAndTakesWhatIsChanged() throws Exception {
    write("first", encoded(rules("first", "p95 < 500ms")));
    write("second", encoded(rules("second", "p95 < 500ms")));
    write("gone", encoded(rules("gone", "p95 < 500ms")));
    write("gone", null);
    try (RuleBook book = RuleBook.open(connection, registry, topics.rules())) {
      assertThat(names(book)).containsExactly("first", "second");

      write("first", null);
      write("second", encoded(rules("second", "p95 < 100ms")));
      await(book, "second");
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(book.get().get(0).getObjectives().get(0).getExpression())
                      .isEqualTo("p95 < 100ms"));
    }
  }

  @Test
  void waitsForARegistryThatIsAwayWhileItLoads() throws Exception {
    write("a", encoded(rules("a", "p95 < 500ms")));
    write("b", encoded(rules("b", "p95 < 500ms")));
    Away away = new Away(registry, 2);
    CompletableFuture<RuleBook> opening =
        CompletableFuture.supplyAsync(() -> RuleBook.open(connection, away, topics.rules()));
    try (RuleBook book = opening.get(60, TimeUnit.SECONDS)) {
      assertThat(names(book)).containsExactly("a", "b");
      assertThat(book.unreadable()).isZero();
      assertThat(away.left.get()).isNotPositive();
    }
  }

  private static List<String> names(RuleBook book) {
    return book.get().stream().map(RuleSet::getName).toList();
  }

  private static void await(RuleBook book, String... names) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(names(book)).containsExactly(names));
  }

  private static RuleSet rules(String name, String objective) {
    return RuleSet.newBuilder()
        .setName(name)
        .setTestName("*")
        .setEnvironment("*")
        .setObjectives(List.of(Rule.parse(objective).toRecord()))
        .setSource(objective)
        .setAppliedMicros(0)
        .setAppliedBy("ada")
        .build();
  }

  private byte[] encoded(RuleSet rules) {
    try (AvroSerializer<RuleSet> encoder = new AvroSerializer<>()) {
      encoder.configure(kafka.clientProperties(), false);
      return Objects.requireNonNull(encoder.serialize(topics.rules(), rules));
    }
  }

  private void write(String key, byte @Nullable [] value) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topics.rules(), key, value)).get(30, TimeUnit.SECONDS);
    }
  }

  /** A registry that cannot be reached the first times it is asked. */
  private static final class Away implements SchemaRegistry {
    private final SchemaRegistry behind;
    private final AtomicInteger left;

    Away(SchemaRegistry behind, int times) {
      this.behind = behind;
      this.left = new AtomicInteger(times);
    }

    @Override
    public int register(String subject, Schema schema) {
      return behind.register(subject, schema);
    }

    @Override
    public Schema byId(int id) {
      if (left.getAndDecrement() > 0) {
        throw new RegistryUnavailable("away");
      }
      return behind.byId(id);
    }

    @Override
    public int idOf(String subject, Schema schema) {
      return behind.idOf(subject, schema);
    }
  }
}
