package io.tailrace.aggregator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.embedded.TestKafka;
import io.tailrace.record.Aggregate;
import io.tailrace.record.DeadLetter;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import io.tailrace.topics.Topics;
import io.tailrace.wire.SampleBatchWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * When windows and runs end, on a real log: by the times at which its broker appended. Garbage, and
 * a run that says too much of itself, are in it as well.
 */
@Timeout(240)
class ClosingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long ALL_PUBLISH_MILLIS = 2_500;
  private static final long SILENCE_MILLIS = 10_000;
  private static final long SOON_MILLIS = 2_000;

  private final TestRun log = TestRun.create(TestKafka.shared(), "closing");
  private final Topics topics = log.topics();
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> finished = new HashMap<>();
  // Apart: a partition in which others publish needs no tick, and has further traffic.
  private final String gone = log.idIn(0, "gone");
  private final String goneToo = log.idIn(1, "gone-too");
  private final String half = log.idIn(2, "half-silent");
  private final String quiet = log.idIn(3, "quiet");
  private final String monster = log.idIn(2, "monster");

  @Test
  void runsEndWithTheirNodesSilentOnesAreNamedAndTheNextReadingDecidesTheSame() throws Exception {
    try (Aggregator aggregator = Aggregator.start(log.config())) {
      await().atMost(PATIENCE).until(aggregator::isRunning);
      publishWhatNobodyShould();
      publishWhileSomeFallSilent();
      await()
          .atMost(PATIENCE)
          .until(() -> log.read(topics.summaries(), RunSummary.class).size() == 5);
      assertWhatCannotBeReadIsSetAside(aggregator);
      assertItSaysHowItIs(aggregator);
    }

    assertRunsOfWhichAllNodesLeftEndSoonWithoutFurtherTraffic();
    assertASilentNodeIsWaitedForUntilItIsGivenUp();
    assertAQuietRunIsEndedByATick();
    assertTheNextReadingDecidesTheSame();
  }

  private void publishWhileSomeFallSilent() throws Exception {
    List<TestNode> leaving = new ArrayList<>();
    List<TestNode> falling = new ArrayList<>();
    try (TestNode staying = TestNode.live(log, half, "staying", 2)) {
      for (String run : List.of(gone, goneToo)) {
        leaving.add(TestNode.live(log, run, "one", 2));
        leaving.add(TestNode.live(log, run, "two", 2));
      }
      falling.add(TestNode.live(log, half, "falling", 2));
      falling.add(TestNode.live(log, quiet, "alone", 1));
      long start = System.nanoTime();
      while (millisSince(start) < ALL_PUBLISH_MILLIS) {
        publish(Stream.concat(leaving.stream(), falling.stream()).toList());
        publish(List.of(staying));
      }
      for (TestNode node : leaving) {
        node.leave(LeaveReason.DONE);
        node.flush(TestNode.nowMicros());
      }
      long silentSince = System.nanoTime();
      while (millisSince(silentSince) < SILENCE_MILLIS + SOON_MILLIS) {
        publish(List.of(staying));
      }
      staying.leave(LeaveReason.DONE);
      staying.flush(TestNode.nowMicros());
    } finally {
      Stream.concat(leaving.stream(), falling.stream()).forEach(TestNode::close);
    }
  }

  private void publishWhatNobodyShould() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = log.generousProducer()) {
      for (int partition = 0; partition < 4; partition++) {
        send(producer, partition, "nobody", "not Avro at all".getBytes(StandardCharsets.UTF_8));
        send(producer, partition, "nobody", new byte[] {0, 0, 0});
        send(producer, partition, "nobody", new byte[3_000_000]);
      }
      SampleBatchWriter writer = new SampleBatchWriter(log.batchSchema());
      byte[] elsewhere = batch(writer, gone, "1");
      send(producer, 3, gone, elsewhere);
      // Compressed, a broker takes it; with all that would be told of it, it would not.
      send(producer, 2, monster, batch(writer, monster, "v".repeat(3_000_000)));
    }
  }

  private static byte[] batch(SampleBatchWriter writer, String run, String version) {
    long now = TestNode.nowMicros();
    writer.begin(run, "somebody", now);
    writer.joined(TestNode.description(RunMode.LIVE, 1, version));
    int series = writer.series("home", "GET", "", Map.of());
    writer.sample(writer.outcome(series, 200, null), now, 50, 0, -1, 0, 10, 100);
    writer.left(LeaveReason.DONE, "");
    return writer.finish(0, 0, 0, now, now);
  }

  private void send(KafkaProducer<byte[], byte[]> producer, int partition, String run, byte[] value)
      throws Exception {
    byte[] key = run.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(topics.samples(), partition, key, value)).get();
  }

  private void assertWhatCannotBeReadIsSetAside(Aggregator aggregator) {
    List<DeadLetter> letters = log.decoded(records(topics.deadLetters()), DeadLetter.class);
    assertThat(letters).hasSize(13);
    assertThat(letters)
        .extracting(DeadLetter::getReason)
        .containsOnly("wrong-magic", "truncated", "unknown-schema", "wrong-partition");
    assertThat(aggregator.counters().deadLetters().sum()).isEqualTo(13);
    assertThat(summary(monster).getVerdict()).isEqualTo(Verdict.PASSED);
    assertThat(Objects.requireNonNull(summary(monster).getDescription()).getVersion())
        .hasSizeLessThan(1_000);
    assertThat(aggregator.isRunning()).isTrue();
  }

  private static void assertItSaysHowItIs(Aggregator aggregator) throws IOException {
    URI url = aggregator.endpoint().url();
    assertThat(read(url.resolve("/health/live"))).isNotEmpty();
    assertThat(read(url.resolve("/health/ready"))).isNotEmpty();
    String metrics = read(url.resolve("/metrics"));
    for (String name :
        List.of(
            "samples_total",
            "windows_total",
            "late_samples_total",
            "rejected_samples_total",
            "dead_letters_total 13.0",
            "fence_trips_total 0.0",
            "commits_total",
            "thread_replacements_total 0.0",
            "open_windows{",
            "live_bytes{",
            "pending_bytes{",
            "close_delay_seconds{",
            "lag_records{",
            "unstable_records{")) {
      assertThat(metrics).contains("\ntailrace_aggregator_" + name);
    }
  }

  /** Of an answer that is no refusal. */
  private static String read(URI url) throws IOException {
    try (InputStream answer = url.toURL().openStream()) {
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void publish(List<TestNode> nodes) throws Exception {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    for (TestNode node : nodes) {
      node.sample(TestNode.nowMicros() - 1_000, 5_000);
      node.flush(TestNode.nowMicros() - 500);
    }
  }

  private void assertRunsOfWhichAllNodesLeftEndSoonWithoutFurtherTraffic() {
    List<Long> delays = new ArrayList<>();
    for (String run : List.of(gone, goneToo)) {
      long left = last(records(topics.samples(), run));
      long windows = last(records(topics.windows(), run));
      long summary = last(records(topics.summaries(), run));
      delays.add(Math.max(windows, summary) - left);
      RunSummary said = summary(run);
      assertThat(said.getVerdict()).isEqualTo(Verdict.PASSED);
      assertThat(said.getReasons()).isEmpty();
    }
    assertThat(ticks()).doesNotContainKeys(0, 1);
    System.out.println("last window and summary after the last batch, in ms: " + delays);
    // One of them, for the sake of machines that hold everything up for a moment.
    assertThat(delays).anyMatch(delay -> delay <= SOON_MILLIS);
  }

  private void assertASilentNodeIsWaitedForUntilItIsGivenUp() {
    RunEvent silent = silence(half);
    assertThat(silent.getNode()).isEqualTo("falling");
    assertThat(summary(half).getReasons()).contains("falling fell silent");
    assertThat(summary(half).getVerdict()).isEqualTo(Verdict.INCOMPLETE);
    long spoke = lastBatchOf(half, "falling");
    long givenUp = silent.getAtMicros() / 1_000;
    assertThat(givenUp - spoke).isBetween(SILENCE_MILLIS, SILENCE_MILLIS + SOON_MILLIS);

    long before = Math.floorDiv(spoke - 100, 1_000L) * 1_000;
    Map<Long, Long> closed = closedMillis(half);
    closed.forEach(
        (endMillis, appended) -> {
          if (endMillis > spoke) {
            assertThat(appended).as("waits for the silent node").isGreaterThanOrEqualTo(givenUp);
          } else if (endMillis <= before) {
            assertThat(appended).as("all had passed it").isLessThan(spoke + SILENCE_MILLIS / 2);
          }
        });
    assertThat(closed.keySet()).anyMatch(end -> end > spoke).anyMatch(end -> end <= before);
    long resumed = closed.values().stream().filter(at -> at >= givenUp).sorted().findFirst().get();
    assertThat(resumed - givenUp).isLessThanOrEqualTo(SOON_MILLIS);
  }

  private void assertAQuietRunIsEndedByATick() {
    assertThat(ticks()).containsKey(3);
    assertThat(silence(quiet).getNode()).isEqualTo("alone");
    assertThat(summary(quiet).getReasons()).containsExactly("alone fell silent");
    long spoke = last(records(topics.samples(), quiet));
    long summed = last(records(topics.summaries(), quiet));
    assertThat(summed - spoke).isBetween(SILENCE_MILLIS, SILENCE_MILLIS + 2 * SOON_MILLIS);
  }

  private void assertTheNextReadingDecidesTheSame() {
    Map<String, List<String>> first = outputs();
    long decided = first.values().stream().mapToLong(List::size).sum();
    try (Aggregator again = Aggregator.start(log.config("again"))) {
      await().atMost(PATIENCE).until(again::isRunning);
      await()
          .atMost(PATIENCE)
          .until(() -> outputs().values().stream().mapToLong(List::size).sum() >= 2 * decided);
    }
    Map<String, List<String>> both = outputs();
    assertThat(both).hasSameSizeAs(first);
    first.forEach(
        (key, records) ->
            assertThat(Objects.requireNonNull(both.get(key)))
                .isEqualTo(Stream.concat(records.stream(), records.stream()).toList()));
  }

  /**
   * Everything that was decided: values by topic and key, because partitions are written to in
   * turns by all that read; dead letters by themselves.
   */
  private Map<String, List<String>> outputs() {
    Map<String, List<String>> outputs = new TreeMap<>();
    for (String topic :
        List.of(topics.windows(), topics.runs(), topics.summaries(), topics.deadLetters())) {
      for (ConsumerRecord<byte[], byte[]> record : log.records(topic)) {
        String value = Arrays.toString(record.value());
        String by = topic.equals(topics.deadLetters()) ? value : Arrays.toString(record.key());
        outputs.computeIfAbsent(topic + by, any -> new ArrayList<>()).add(value);
      }
    }
    return outputs;
  }

  /** Read once: when all runs have ended, nothing is added. */
  private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    return finished.computeIfAbsent(topic, log::records);
  }

  private List<ConsumerRecord<byte[], byte[]>> records(String topic, String run) {
    byte[] key = run.getBytes(StandardCharsets.UTF_8);
    return records(topic).stream().filter(one -> Arrays.equals(one.key(), key)).toList();
  }

  private static long last(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().mapToLong(ConsumerRecord::timestamp).max().orElseThrow();
  }

  private RunSummary summary(String run) {
    return only(topics.summaries(), RunSummary.class, one -> one.getRun().equals(run));
  }

  private RunEvent silence(String run) {
    return only(
        topics.runs(),
        RunEvent.class,
        one -> one.getRun().equals(run) && one.getKind() == RunEventKind.NODE_SILENT);
  }

  private <T extends SpecificRecord> T only(String topic, Class<T> type, Predicate<T> which) {
    List<T> found = log.decoded(records(topic), type).stream().filter(which).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private long lastBatchOf(String run, String node) {
    return records(topics.samples(), run).stream()
        .filter(one -> new String(one.value(), StandardCharsets.ISO_8859_1).contains(node))
        .mapToLong(ConsumerRecord::timestamp)
        .max()
        .orElseThrow();
  }

  /** When each base window of a run was appended, by the moment it ended. */
  private Map<Long, Long> closedMillis(String run) {
    List<ConsumerRecord<byte[], byte[]>> records = records(topics.windows());
    List<Aggregate> windows = log.decoded(records, Aggregate.class);
    Map<Long, Long> closed = new TreeMap<>();
    for (int i = 0; i < records.size(); i++) {
      Aggregate one = windows.get(i);
      if (one.getRun().equals(run) && !one.getTotal() && one.getWindowMicros() == 1_000_000) {
        closed.put(one.getWindowStartMicros() / 1_000 + 1_000, records.get(i).timestamp());
      }
    }
    return closed;
  }

  /** Records without a value, by partition. */
  private Map<Integer, Long> ticks() {
    return records(topics.samples()).stream()
        .filter(one -> one.value() == null)
        .collect(Collectors.groupingBy(ConsumerRecord::partition, Collectors.counting()));
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
