package io.tailrace.sink.core.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.embedded.TestKafka;
import io.tailrace.record.Aggregate;
import io.tailrace.record.DeadLetter;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Origin;
import io.tailrace.sink.core.Sink;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.AvroSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SinkRunnerIT {
  private static final int PARTITIONS = 4;
  private static final Pace PACE =
      new Pace(
          50,
          1 << 20,
          Duration.ofMillis(20),
          4,
          64 << 10,
          new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)),
          Duration.ofMillis(300),
          Duration.ofSeconds(5));

  private final TestKafka kafka = TestKafka.shared();
  private final Topics topics = Topics.withPrefix(kafka.uniqueName("sinks") + ".");
  private final TargetStub target = new TargetStub();

  @BeforeEach
  void createTopics() {
    try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      new TopicCatalogue(topics, PARTITIONS).create(admin, (short) 1);
    }
  }

  @Test
  void deliversEverythingOnceAndInOrderThroughAnOutage() {
    Map<String, List<Long>> ledger = publish(40, 50);
    AtomicInteger attempts = new AtomicInteger();
    target.answer =
        batch ->
            attempts.incrementAndGet() % 3 == 0
                ? Delivery.accepted()
                : new Delivery.Retry("503", Optional.of(Duration.ofMillis(5)));

    try (SinkRunner runner = start()) {
      await().atMost(Duration.ofSeconds(30)).until(() -> target.stored() == 2_000);
      assertThat(runner.status().retried()).isPositive();
    }

    assertThat(target.contents()).isEqualTo(ledger);
    assertThat(deadLetters(0)).isEmpty();
  }

  @Test
  void readsNothingThatWasNeverCommitted() {
    try (KafkaProducer<String, Aggregate> producer = transactional()) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, record("aborted", 0));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      send(producer, record("committed", 0));
      producer.commitTransaction();
    }

    try (SinkRunner runner = start()) {
      await().until(() -> target.stored() == 1);
      assertThat(runner.status().state()).isEqualTo(SinkStatus.State.RUNNING);
    }
    assertThat(target.contents()).containsOnlyKeys("committed");
  }

  @Test
  void setsAsideTheOneBadRecordAndDeliversAllOthers() {
    Map<String, List<Long>> ledger = publish(10, 20);
    String bad = ledger.keySet().iterator().next();
    Objects.requireNonNull(ledger.get(bad)).remove(7L);
    target.answer =
        batch ->
            batch.stream().anyMatch(item -> isWindow(item, bad, 7))
                ? new Delivery.Rejected("400: field type conflict")
                : Delivery.accepted();

    try (SinkRunner runner = start()) {
      await().until(() -> target.stored() == 199 && runner.status().deadLettered() == 1);
    }

    assertThat(target.contents()).isEqualTo(ledger);
    DeadLetter letter = deadLetters(1).get(0);
    assertThat(letter.getReason()).isEqualTo("rejected");
    assertThat(letter.getDetail()).contains("field type conflict");
    assertThat(letter.getTopic()).isEqualTo(topics.windows());
    assertThat(letter.getComponent()).isEqualTo("sink/stub");
    assertThat(decode(letter).getRun()).isEqualTo(bad);
    assertThat(decode(letter).getWindowStartMicros()).isEqualTo(7);
  }

  @Test
  void setsAsideWhatNobodyCanRead() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
      send(producer, new ProducerRecord<>(topics.windows(), 0, null, new byte[] {7, 1, 2}));
    }
    Map<String, List<Long>> ledger = publish(8, 5);

    try (SinkRunner runner = start()) {
      await().until(() -> target.stored() == 40 && runner.status().deadLettered() == 1);
    }

    assertThat(target.contents()).isEqualTo(ledger);
    assertThat(deadLetters(1).get(0).getReason()).isEqualTo("unreadable");
    assertThat(deadLetters(1).get(0).getValue().array()).containsExactly(7, 1, 2);
  }

  @Test
  void readsWhatANewerAggregatorWrites() throws Exception {
    ObjectNode newer = (ObjectNode) new ObjectMapper().readTree(Aggregate.SCHEMA$.toString());
    newer
        .withArray("fields")
        .addObject()
        .put("name", "addedLater")
        .putNull("default")
        .putArray("type")
        .add("null")
        .add("string");
    int id =
        new HttpSchemaRegistry(kafka.clientProperties())
            .register(
                SchemaRegistry.valueSubject(topics.windows()),
                new Schema.Parser().parse(newer.toString()));
    byte[] old =
        Objects.requireNonNull(
            serializer().serialize(topics.windows(), TestAggregates.window("newer", "*", 7, 1)));
    // What comes after the last field that this version knows: the text that was added, absent.
    byte[] longer = Arrays.copyOf(old, old.length + 1);
    ByteBuffer.wrap(longer).putInt(1, id);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
      send(producer, new ProducerRecord<>(topics.windows(), 0, null, longer));
    }
    whileRunning(() -> await().until(() -> target.stored() == 1));
    assertThat(target.contents()).isEqualTo(Map.of("newer", List.of(7L)));
  }

  @Test
  void goesOnAfterARestartWithoutALossOrARepetition() {
    Map<String, List<Long>> first = publish(20, 10);
    whileRunning(
        () -> {
          await().until(() -> target.stored() == 200);
        });
    Map<String, List<Long>> second = publish(20, 10);
    whileRunning(
        () -> {
          await().until(() -> target.stored() == 400);
        });

    Map<String, List<Long>> all = new TreeMap<>(first);
    all.putAll(second);
    assertThat(target.contents()).isEqualTo(all);
  }

  @Test
  void aStopDuringAnOutageLosesNothing() {
    Map<String, List<Long>> ledger = publish(20, 10);
    target.answer = batch -> Delivery.retry("connection refused");
    try (SinkRunner runner = start()) {
      await().until(() -> runner.status().state() == SinkStatus.State.RETRYING);
      assertThat(runner.status().reason()).isEqualTo("connection refused");
    }
    target.answer = batch -> Delivery.accepted();
    whileRunning(
        () -> {
          await().until(() -> target.stored() == 200);
        });

    assertThat(target.contents()).isEqualTo(ledger);
  }

  @Test
  void aMisconfiguredTargetIsSaidSoAndGetsEverythingOnceItIsMended() {
    Map<String, List<Long>> ledger = publish(10, 10);
    target.answer = batch -> new Delivery.Misconfigured("401: the token is not known");

    try (SinkRunner runner = start()) {
      await().until(() -> runner.status().state() == SinkStatus.State.MISCONFIGURED);
      assertThat(runner.status().reason()).isEqualTo("401: the token is not known");
      await().until(() -> runner.status().lag() == 100);
      target.answer = batch -> Delivery.accepted();
      await().until(() -> target.stored() == 100);
      await().until(() -> runner.status().lag() == 0);
    }

    assertThat(target.contents()).isEqualTo(ledger);
    assertThat(deadLetters(0)).isEmpty();
  }

  @Test
  void anItemThatBreaksTheSinkItselfDoesNotStopTheOthers() {
    Map<String, List<Long>> ledger = publish(4, 10);
    String bad = ledger.keySet().iterator().next();
    Objects.requireNonNull(ledger.get(bad)).remove(3L);
    target.answer =
        batch -> {
          if (batch.stream().anyMatch(item -> isWindow(item, bad, 3))) {
            throw new IllegalStateException("cannot encode this");
          }
          return Delivery.accepted();
        };

    try (SinkRunner runner = start()) {
      await().until(() -> target.stored() == 39 && runner.status().deadLettered() == 1);
    }
    assertThat(target.contents()).isEqualTo(ledger);
    assertThat(deadLetters(1).get(0).getDetail()).contains("cannot encode this");
  }

  @Test
  void oneThatBreaksSaysSoAndBeginsAgainByItself() {
    Map<String, List<Long>> ledger = publish(10, 10);
    Map<String, Object> nowhere = new HashMap<>(withGroup());
    nowhere.put("auto.offset.reset", "none");
    try (SinkRunner runner =
            new SinkRunner(
                RunnerConfig.of("stub", Set.of(Feed.AGGREGATES), topics, nowhere, PACE),
                target,
                System::nanoTime);
        Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      runner.start();
      await().until(() -> runner.status().state() == SinkStatus.State.FAILED);
      assertThat(runner.status().reason()).contains("NoOffsetForPartition");
      Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
      for (int i = 0; i < PARTITIONS; i++) {
        beginning.put(new TopicPartition(topics.windows(), i), new OffsetAndMetadata(0));
      }
      // Possible only while none of its lives is a member of the group.
      await()
          .ignoreExceptions()
          .until(
              () -> {
                String group = String.valueOf(nowhere.get("group.id"));
                admin.alterConsumerGroupOffsets(group, beginning).all().get();
                return true;
              });
      await().until(() -> target.stored() == 100);
      assertThat(runner.status().state()).isEqualTo(SinkStatus.State.RUNNING);
      assertThat(runner.status().reason()).isEmpty();
    }
    assertThat(target.contents()).isEqualTo(ledger);
  }

  @Test
  void aPartitionThatHangsHoldsUpNoOther() throws InterruptedException {
    Map<String, List<Long>> ledger = publish(40, 5);
    String hanging = ledger.keySet().iterator().next();
    int partition = partitionOf(hanging);
    CountDownLatch release = new CountDownLatch(1);
    target.answer =
        batch -> {
          if (batch.get(0).origin().partition() == partition) {
            release.await();
          }
          return Delivery.accepted();
        };
    long others = ledger.keySet().stream().filter(run -> partitionOf(run) != partition).count() * 5;

    whileRunning(
        () -> {
          await().until(() -> target.stored() == others);
          release.countDown();
          await().until(() -> target.stored() == 200);
        });
    assertThat(target.contents()).isEqualTo(ledger);
  }

  private void whileRunning(Runnable steps) {
    try (SinkRunner runner = start()) {
      steps.run();
      assertThat(runner.status().reason()).isEmpty();
    }
  }

  private SinkRunner start() {
    SinkRunner runner =
        new SinkRunner(
            RunnerConfig.of("stub", Set.of(Feed.AGGREGATES), topics, withGroup(), PACE),
            target,
            System::nanoTime);
    runner.start();
    return runner;
  }

  private Map<String, Object> withGroup() {
    Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
    properties.put("group.id", topics.windows() + "-stub");
    return properties;
  }

  /** Publishes windows of several runs and says what the target has to hold in the end. */
  private Map<String, List<Long>> publish(int runs, int windows) {
    Map<String, List<Long>> ledger = new TreeMap<>();
    try (KafkaProducer<String, Aggregate> producer =
        new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), serializer())) {
      for (int r = 0; r < runs; r++) {
        String run = kafka.uniqueName("run");
        List<Long> starts = new ArrayList<>();
        for (long w = 0; w < windows; w++) {
          send(producer, record(run, w));
          starts.add(w);
        }
        ledger.put(run, starts);
      }
    }
    return ledger;
  }

  /** What is lost here is missing in the target: the ledgers see it. */
  private static <K, V> void send(KafkaProducer<K, V> producer, ProducerRecord<K, V> message) {
    Future<RecordMetadata> unused = producer.send(message);
  }

  private ProducerRecord<String, Aggregate> record(String run, long start) {
    return new ProducerRecord<>(
        topics.windows(), run, TestAggregates.window(run, "*", start, start));
  }

  private KafkaProducer<String, Aggregate> transactional() {
    Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
    properties.put("transactional.id", kafka.uniqueName("tx"));
    return new KafkaProducer<>(properties, new StringSerializer(), serializer());
  }

  private AvroSerializer<Aggregate> serializer() {
    AvroSerializer<Aggregate> serializer = new AvroSerializer<>();
    serializer.configure(kafka.clientProperties(), false);
    return serializer;
  }

  private Aggregate decode(DeadLetter letter) {
    AvroDeserializer<Aggregate> values = new AvroDeserializer<>(Aggregate.class);
    values.configure(kafka.clientProperties(), false);
    return Objects.requireNonNull(values.deserialize(topics.windows(), letter.getValue().array()));
  }

  private int partitionOf(String run) {
    return Utils.toPositive(Utils.murmur2(run.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
  }

  private static boolean isWindow(Item item, String run, long start) {
    Aggregate aggregate = item.as(Aggregate.class);
    return aggregate.getRun().equals(run) && aggregate.getWindowStartMicros() == start;
  }

  /** Reads the dead letters to their end; fails unless there are exactly so many. */
  private List<DeadLetter> deadLetters(int expected) {
    AvroDeserializer<DeadLetter> values = new AvroDeserializer<>(DeadLetter.class);
    values.configure(kafka.clientProperties(), false);
    List<DeadLetter> letters = new ArrayList<>();
    try (KafkaConsumer<byte[], DeadLetter> consumer =
        new KafkaConsumer<>(kafka.clientProperties(), new ByteArrayDeserializer(), values)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topics.deadLetters()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], DeadLetter> each : consumer.poll(Duration.ofMillis(100))) {
          letters.add(each.value());
        }
      }
    }
    assertThat(letters).hasSize(expected);
    return letters;
  }

  /** A target that keeps what it accepts, in the order it came, and answers as it is told. */
  private static final class TargetStub implements Sink {
    private interface Answer {
      Delivery to(List<Item> batch) throws IOException, InterruptedException;
    }

    private final Map<String, List<Long>> contents = new TreeMap<>();
    private final Set<Origin> seen = new HashSet<>();
    private volatile Answer answer = batch -> Delivery.accepted();

    @Override
    public Delivery deliver(List<Item> batch) throws IOException, InterruptedException {
      Delivery delivery = answer.to(batch);
      if (delivery instanceof Delivery.Accepted) {
        batch.forEach(this::store);
      }
      return delivery;
    }

    private synchronized void store(Item item) {
      if (!seen.add(item.origin())) {
        throw new AssertionError("stored twice: " + item.origin());
      }
      Aggregate aggregate = item.as(Aggregate.class);
      contents
          .computeIfAbsent(aggregate.getRun(), unused -> new ArrayList<>())
          .add(aggregate.getWindowStartMicros());
    }

    synchronized int stored() {
      return contents.values().stream().mapToInt(List::size).sum();
    }

    synchronized Map<String, List<Long>> contents() {
      return new TreeMap<>(contents);
    }

    @Override
    public void check() {}

    @Override
    public void close() {}
  }
}
