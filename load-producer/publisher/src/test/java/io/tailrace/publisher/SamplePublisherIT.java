package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.embedded.PlainReader;
import io.tailrace.embedded.PublishedLedger;
import io.tailrace.embedded.TestKafka;
import io.tailrace.record.LeaveReason;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamplePublisherIT {

  private final TestKafka kafka = TestKafka.shared();
  private final String prefix = kafka.uniqueName("publisher") + ".";
  private final Topics topics = Topics.withPrefix(prefix);

  @BeforeAll
  void createTopics() {
    try (Admin admin = Admin.create(kafka.clientProperties())) {
      new TopicCatalogue(topics, 4).create(admin, (short) 1);
    }
  }

  private SamplePublisherBuilder publisher(String run) {
    return SamplePublisher.builder()
        .kafka(kafka.clientProperties())
        .topics(topics)
        .run(run)
        .node("node");
  }

  private NodeProcess process(String run, String node, int samples) throws IOException {
    return NodeProcess.start(
        kafka.bootstrapServers(), kafka.registryUrl(), prefix, run, node, samples);
  }

  private List<GenericRecord> batches(String run) {
    return PlainReader.batches(kafka.bootstrapServers(), topics.samples(), run);
  }

  @Test
  void putsEverySampleOfEveryThreadIntoTheTopicOnce() throws InterruptedException {
    SamplePublisher publisher = publisher("all").start();
    publisher.health(() -> 4);
    List<LoadThread> loads = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      LoadThread load = new LoadThread(publisher, i);
      loads.add(load);
      threads.add(new Thread(() -> load.record(100_000)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    CloseReport report = publisher.leave(LeaveReason.DONE, "all sent", Duration.ofSeconds(30));

    Tally kept = new Tally();
    loads.forEach(load -> kept.add(load.kept()));
    List<GenericRecord> batches = batches("all");
    assertThat(Tally.of(batches).sums()).isEqualTo(kept.sums());
    assertThat(PublishedLedger.of(batches)).isEqualTo(new PublishedLedger(kept.samples(), 0, true));
    assertThat(report.acknowledged()).isEqualTo(400_000);
    assertThat(report.complete()).isTrue();
    GenericRecord health = (GenericRecord) batches.get(batches.size() - 1).get("health");
    assertThat(health.get("activeUsers")).isEqualTo(4);
    assertThat((double) health.get("memoryMb")).isBetween(10.0, 100_000.0);
    GenericRecord joined = (GenericRecord) batches.get(0).get("joined");
    assertThat(String.valueOf(joined.get("testName"))).isEqualTo("all");
  }

  @Test
  void showsASampleWithinAFlushAndKeepsPromisingWhileIdle() {
    try (SamplePublisher publisher = publisher("idle").start()) {
      LoadThread load = new LoadThread(publisher, 1);
      load.record();
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> publisher.stats().acknowledged() == 1);
      long batches = publisher.stats().batches();
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> publisher.stats().batches() >= batches + 4);
      assertThat(PublishedLedger.of(batches("idle")).samples()).isEqualTo(1);
    }
    assertThat(PublishedLedger.of(batches("idle"))).isEqualTo(new PublishedLedger(1, 0, true));
  }

  @Test
  void fourProcessesMakeOneRun() throws Exception {
    List<NodeProcess> nodes = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      nodes.add(process("fleet", "node-" + i, 20_000));
    }
    for (NodeProcess node : nodes) {
      node.awaitRecorded(20_000);
      node.leave();
    }

    Map<String, List<GenericRecord>> byNode =
        batches("fleet").stream()
            .collect(Collectors.groupingBy(batch -> String.valueOf(batch.get("node"))));
    assertThat(new TreeSet<>(byNode.keySet()))
        .isEqualTo(Set.of("node-1", "node-2", "node-3", "node-4"));
    assertThat(byNode.values())
        .allSatisfy(
            batches ->
                assertThat(PublishedLedger.of(batches))
                    .isEqualTo(new PublishedLedger(20_000, 0, true)));
  }

  @Test
  void aKilledNodeIsSeenNotToHaveLeft() throws Exception {
    NodeProcess node = process("killed", "node", 50_000);
    node.awaitRecorded(50_000);
    Awaitility.await().until(() -> batches("killed").size() > 5);
    node.kill();

    PublishedLedger ledger = PublishedLedger.of(batches("killed"));
    assertThat(ledger.left()).isFalse();
    assertThat(ledger.samples()).isBetween(1L, 50_000L);
  }

  @Test
  void theExampleOfTheDocumentationWorks() {
    try (Admin admin = Admin.create(kafka.clientProperties())) {
      new TopicCatalogue(Topics.defaults(), 4).create(admin, (short) 1);
    }
    CloseReport report =
        PublishingExample.run(kafka.clientProperties(), kafka.uniqueName("example"));
    assertThat(report.complete()).isTrue();
    assertThat(report.acknowledged()).isEqualTo(100);
  }

  @Test
  void saysWhatIsMissingBeforeAnyLoadIsSent() {
    SamplePublisherBuilder elsewhere =
        publisher("none")
            .topics(Topics.withPrefix("nowhere."))
            .connectTimeout(Duration.ofMillis(500));
    assertThatThrownBy(elsewhere::start)
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("nowhere.samples")
        .hasMessageContaining(kafka.bootstrapServers());
  }
}
