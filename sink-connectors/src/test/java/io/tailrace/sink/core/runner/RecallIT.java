package io.tailrace.sink.core.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.embedded.TestKafka;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Recalling;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class RecallIT {
  private static final Pace PACE =
      new Pace(
          7,
          1 << 20,
          Duration.ofMillis(10),
          4,
          64 << 10,
          new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)),
          Duration.ofMillis(300),
          Duration.ofSeconds(5));

  private final TestKafka kafka = TestKafka.shared();
  private final Topics topics = Topics.withPrefix(kafka.uniqueName("recall") + ".");

  @Test
  void aSinkRemembersItsOpenRunsInItsNextLifeAndDeliversNothingTwice() {
    try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      new TopicCatalogue(topics, 4).create(admin, (short) 1);
    }
    publish(0, 20, true);
    publish(20, 40, false);
    RunningSums first = new RunningSums();
    live(first, 40 * 25 + 20);
    publishMore(20, 40);
    RunningSums second = new RunningSums();
    live(second, 20 * 25);

    assertThat(second.recalled).isPositive();
    assertThat(first.delivered + second.delivered).isEqualTo(40 * 25 + 20 + 20 * 25);
    for (int run = 20; run < 40; run++) {
      assertThat(second.sums).containsEntry(name(run), 50L * 49 / 2);
    }
  }

  private void live(RunningSums sink, int expected) {
    Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
    properties.put("group.id", topics.windows() + "-recall");
    try (SinkRunner runner =
        new SinkRunner(
            RunnerConfig.of("recall", Set.of(Feed.AGGREGATES), topics, properties, PACE),
            sink,
            System::nanoTime)) {
      runner.start();
      await().atMost(Duration.ofSeconds(20)).until(() -> sink.count() >= expected);
    }
    assertThat(sink.delivered).isEqualTo(expected);
  }

  private void publish(int from, int to, boolean end) {
    publish(from, to, 0, 25, end);
  }

  private void publishMore(int from, int to) {
    publish(from, to, 25, 50, false);
  }

  private void publish(int from, int to, long firstWindow, long lastWindow, boolean end) {
    AvroSerializer<Aggregate> values = new AvroSerializer<>();
    values.configure(kafka.clientProperties(), false);
    try (KafkaProducer<String, Aggregate> producer =
        new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), values)) {
      for (int run = from; run < to; run++) {
        for (long w = firstWindow; w < lastWindow; w++) {
          send(producer, TestAggregates.window(name(run), "*", w, w));
        }
        if (end) {
          send(producer, TestAggregates.total(name(run), "*", 0));
        }
      }
    }
  }

  private void send(KafkaProducer<String, Aggregate> producer, Aggregate aggregate) {
    Future<RecordMetadata> unused =
        producer.send(new ProducerRecord<>(topics.windows(), aggregate.getRun(), aggregate));
  }

  private static String name(int run) {
    return "run-" + run;
  }

  /** Adds up the requests of each run, and needs a run's records until its total. */
  private static final class RunningSums implements Recalling {
    private final Map<String, Long> sums = new TreeMap<>();
    private final Map<Integer, Map<String, Long>> firstOffsets = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private int recalled;
    private int delivered;

    @Override
    public synchronized void recall(List<Item> batch) {
      recalled += batch.size();
      batch.forEach(this::add);
    }

    @Override
    public synchronized Delivery deliver(List<Item> batch) {
      delivered += batch.size();
      batch.forEach(this::add);
      return Delivery.accepted();
    }

    synchronized int count() {
      return delivered;
    }

    private void add(Item item) {
      assertThat(seen.add(item.origin().toString())).isTrue();
      Aggregate aggregate = item.as(Aggregate.class);
      Map<String, Long> open =
          firstOffsets.computeIfAbsent(item.origin().partition(), unused -> new HashMap<>());
      if (aggregate.getTotal()) {
        open.remove(aggregate.getRun());
      } else {
        open.putIfAbsent(aggregate.getRun(), item.origin().offset());
        sums.merge(aggregate.getRun(), aggregate.getRequests(), Long::sum);
      }
    }

    @Override
    public synchronized long neededFrom(String topic, int partition, long acknowledged) {
      return firstOffsets.getOrDefault(partition, Map.of()).values().stream()
          .mapToLong(each -> each)
          .min()
          .orElse(Long.MAX_VALUE);
    }

    @Override
    public void forget(String topic, int partition) {}

    @Override
    public void check() {}

    @Override
    public void close() {}
  }
}
