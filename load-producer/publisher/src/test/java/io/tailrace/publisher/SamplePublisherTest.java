package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.record.LeaveReason;
import io.tailrace.wire.SampleBatchReader;
import io.tailrace.wire.SampleBatchWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SamplePublisherTest {

  private static final long START = 1_700_000_000_000_000L;

  private final AtomicLong clock = new AtomicLong(START);

  /** What a reader sees of one batch. */
  private record Batch(
      long sequence,
      long publishedBefore,
      long dropped,
      int samples,
      long watermark,
      boolean joined,
      boolean left,
      boolean health) {}

  private SamplePublisherBuilder builder() {
    return SamplePublisher.builder().run("run").node("node").clock(clock::get);
  }

  private static SamplePublisher start(
      SamplePublisherBuilder builder, MockProducer<byte[], byte[]> kafka) {
    byte[] key = "run".getBytes(StandardCharsets.UTF_8);
    return new SamplePublisher(
        builder.settings(),
        new SampleBatchWriter(Schemas.ID),
        budget -> new Delivery(() -> kafka, kafka, budget, "samples", key, 1 << 20));
  }

  private static MockProducer<byte[], byte[]> kafka(boolean answering) {
    return new MockProducer<>(
        answering, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static List<Batch> batches(MockProducer<byte[], byte[]> kafka) {
    SampleBatchReader reader = new SampleBatchReader(new Schemas(), "samples-value");
    List<Batch> batches = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : kafka.history()) {
      reader.read(record.value());
      batches.add(
          new Batch(
              reader.sequence(),
              reader.publishedBefore(),
              reader.droppedSamples(),
              reader.sampleCount(),
              reader.watermarkMicros(),
              reader.joined() != null,
              reader.left() != null,
              reader.health() != null));
    }
    return batches;
  }

  private static boolean record(SamplePublisher publisher, Outcome outcome, long endMicros) {
    return publisher.record(outcome, endMicros, 5_000, 0, -1, -1, 100, 2_000);
  }

  @Test
  void numbersBatchesFromTheJoiningToTheLeavingOne() {
    MockProducer<byte[], byte[]> kafka = kafka(true);
    SamplePublisher publisher = start(builder(), kafka);
    publisher.health(() -> 3);
    Outcome ok = publisher.outcome(publisher.series("GET /", "GET", "", Map.of()), 200, null);
    for (int i = 0; i < 10_000; i++) {
      assertThat(record(publisher, ok, clock.addAndGet(10))).isTrue();
    }

    CloseReport report = publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(10));

    List<Batch> batches = batches(kafka);
    long published = 0;
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i);
      assertThat(batch.sequence).isEqualTo(i);
      assertThat(batch.publishedBefore).isEqualTo(published);
      assertThat(batch.joined).isEqualTo(i == 0);
      assertThat(batch.left).isEqualTo(i == batches.size() - 1);
      published += batch.samples;
    }
    assertThat(batches.get(batches.size() - 1).health).isTrue();
    assertThat(published).isEqualTo(10_000);
    assertThat(report.complete()).isTrue();
    assertThat(report.acknowledged()).isEqualTo(10_000);
    assertThat(publisher.stats().backlogSamples()).isZero();
  }

  @Test
  void promisesWhileIdleToBeOneLagBehindTheClock() {
    MockProducer<byte[], byte[]> kafka = kafka(true);
    try (SamplePublisher publisher = start(builder(), kafka)) {
      Awaitility.await().until(() -> kafka.history().size() > 2);
      clock.addAndGet(60_000_000);
      int before = kafka.history().size();
      Awaitility.await().until(() -> kafka.history().size() > before + 1);
      clock.addAndGet(-30_000_000);
      int turned = kafka.history().size();
      Awaitility.await().until(() -> kafka.history().size() > turned + 1);
      assertThat(publisher.stats().published()).isZero();
    }
    List<Batch> batches = batches(kafka);
    assertThat(batches.get(0).watermark).isEqualTo(START - Flusher.WATERMARK_LAG_MICROS);
    long promised = 0;
    for (Batch batch : batches) {
      assertThat(batch.watermark)
          .as("a promise is never taken back")
          .isGreaterThanOrEqualTo(promised);
      promised = batch.watermark;
    }
    assertThat(promised).isEqualTo(START + 60_000_000 - Flusher.WATERMARK_LAG_MICROS);
  }

  @Test
  void promisesNothingNewBeforeTheLastBatchOfAFlush() {
    MockProducer<byte[], byte[]> kafka = kafka(true);
    SamplePublisher publisher = start(builder().batchBytes(1 << 10), kafka);
    Outcome ok = publisher.outcome(publisher.series("GET /", "GET", "", Map.of()), 200, null);
    for (int i = 0; i < 50_000; i++) {
      record(publisher, ok, clock.addAndGet(1_000));
    }
    publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(10));

    SampleBatchReader reader = new SampleBatchReader(new Schemas(), "samples-value");
    long promised = 0;
    long samples = 0;
    for (ProducerRecord<byte[], byte[]> record : kafka.history()) {
      reader.read(record.value());
      for (int i = 0; i < reader.sampleCount(); i++) {
        assertThat(reader.endMicros()[i]).isGreaterThanOrEqualTo(promised);
      }
      promised = reader.watermarkMicros();
      samples += reader.sampleCount();
    }
    assertThat(samples).isEqualTo(50_000);
  }

  @Test
  void aBatchThatIsNearlyFullLeavesBeforeItsTimeWithAPromiseOfItsOwn() {
    MockProducer<byte[], byte[]> kafka = kafka(true);
    SamplePublisher publisher = start(builder().flushInterval(Duration.ofSeconds(10)), kafka);
    Outcome ok = publisher.outcome(publisher.series("GET /", "GET", "", Map.of()), 200, null);
    clock.addAndGet(1_000_000);
    // The batch is nearly full with some 5,400 of these and full with 7,200. Fewer than 1,024 may
    // wait for the next flush: it has to be nearly full without them, and not full with them.
    for (int i = 0; i < 6_800; i++) {
      record(publisher, ok, clock.addAndGet(10));
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> publisher.stats().published() > 4_000);
    assertThat(batches(kafka).get(1).watermark).isGreaterThan(START);
    publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(10));
  }

  @Test
  void countsExactlyWhatItDropsWhileKafkaDoesNotAnswer() {
    MockProducer<byte[], byte[]> kafka = kafka(false);
    long bound = 1 << 20;
    SamplePublisher publisher = start(builder().memoryBound(bound), kafka);
    Outcome ok = publisher.outcome(publisher.series("GET /", "GET", "", Map.of()), 200, null);
    long kept = 0;
    long dropped = 0;
    for (int i = 0; i < 2_000_000; i++) {
      if (record(publisher, ok, clock.addAndGet(10))) {
        kept++;
      } else {
        dropped++;
      }
    }
    assertThat(dropped).isPositive();
    assertThat(publisher.stats().memoryBytes()).isLessThanOrEqualTo(bound);

    Thread broker = answerFromNowOn(kafka);
    CloseReport report = publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(20));
    broker.interrupt();

    assertThat(report.acknowledged()).isEqualTo(kept);
    assertThat(report.dropped()).isEqualTo(dropped);
    assertThat(report.complete()).isFalse();
    List<Batch> batches = batches(kafka);
    assertThat(batches.stream().mapToLong(Batch::samples).sum()).isEqualTo(kept);
    assertThat(batches.get(batches.size() - 1).dropped).isEqualTo(dropped);
  }

  private static Thread answerFromNowOn(MockProducer<byte[], byte[]> kafka) {
    Thread broker =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                if (!kafka.completeNext()) {
                  Thread.onSpinWait();
                }
              }
            });
    broker.setDaemon(true);
    broker.start();
    return broker;
  }

  @Test
  void leavesAtTheDeadlineAndSaysWhatIsNotKnown() {
    MockProducer<byte[], byte[]> kafka = kafka(false);
    SamplePublisher publisher = start(builder(), kafka);
    Outcome ok = publisher.outcome(publisher.series("GET /", "GET", "", Map.of()), 200, null);
    record(publisher, ok, clock.get());

    CloseReport report = publisher.leave(LeaveReason.DONE, "", Duration.ofMillis(100));

    assertThat(report.unacknowledged()).isEqualTo(1);
    assertThat(report.farewell()).isFalse();
    assertThat(report.complete()).isFalse();
    assertThat(report.took()).isBetween(Duration.ofMillis(100), Duration.ofSeconds(5));
    assertThat(publisher.leave(LeaveReason.FAILED, "", Duration.ZERO).unacknowledged())
        .isEqualTo(1);
  }

  @Test
  void dropsAndCountsWhatIsRecordedAfterLeaving() {
    SamplePublisher publisher = start(builder(), kafka(true));
    Outcome ok = publisher.outcome(publisher.series("GET /", "GET", "", Map.of()), 200, null);
    publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(10));

    assertThat(record(publisher, ok, clock.get())).isFalse();
    assertThat(publisher.stats().dropped()).isEqualTo(1);
    assertThat(publisher.stats().recorded()).isZero();
  }

  @Test
  void refusesAnOutcomeOfAnotherPublisher() {
    try (SamplePublisher one = start(builder(), kafka(true));
        SamplePublisher other = start(builder(), kafka(true))) {
      Outcome foreign = other.outcome(other.series("GET /", "GET", "", Map.of()), 200, null);
      assertThatThrownBy(() -> record(one, foreign, clock.get()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another publisher");
    }
  }

  @Test
  void survivesAHealthThatFails() {
    MockProducer<byte[], byte[]> kafka = kafka(true);
    SamplePublisher publisher = start(builder(), kafka);
    publisher.health(
        () -> {
          throw new IllegalStateException("not started");
        });
    Outcome ok = publisher.outcome(publisher.series("GET /", "GET", "", Map.of()), 200, null);
    record(publisher, ok, clock.get());
    CloseReport report = publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(10));

    assertThat(report.complete()).isTrue();
    assertThat(report.acknowledged()).isEqualTo(1);
  }

  @Test
  void saysWhichSettingIsImpossible() {
    assertThatThrownBy(() -> builder().memoryBound(1_000).settings())
        .hasMessage("memory bound 1,000: expected 1,048,576 to 2,147,483,647");
    assertThatThrownBy(() -> SamplePublisher.builder().settings())
        .hasMessage("run is missing: expected the run's id");
    assertThatThrownBy(() -> SamplePublisher.builder().run("run").start())
        .hasMessageContaining("bootstrap.servers is missing");
  }
}
