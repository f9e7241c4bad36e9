package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeliveryTest {

  private static final byte[] RUN = "run".getBytes(StandardCharsets.UTF_8);

  private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
  private final MemoryBudget budget = new MemoryBudget(1 << 20);
  private final ExecutorService network = Executors.newSingleThreadExecutor();
  private final Delivery delivery =
      new Delivery(this::connect, connect(), budget, "samples", RUN, 1_000);

  private Producer<byte[], byte[]> connect() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    producers.add(producer);
    return producer;
  }

  @AfterEach
  void stopNetwork() {
    network.shutdownNow();
  }

  /** Kafka answers on a thread of its own. */
  private void answer(Callable<Boolean> answer) throws Exception {
    assertThat(network.submit(answer).get()).as("something was in flight").isTrue();
  }

  private MockProducer<byte[], byte[]> producer() {
    return producers.get(producers.size() - 1);
  }

  private void add(int... sequences) {
    for (int sequence : sequences) {
      delivery.add(new EncodedBatch(sequence, 10, new byte[] {(byte) sequence}));
    }
    delivery.pump();
  }

  private static List<Integer> sent(MockProducer<byte[], byte[]> producer) {
    return producer.history().stream().map(record -> (int) record.value()[0]).toList();
  }

  private void pumpUntilSentAgain(int count) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              delivery.pump();
              return producers.size() == 2 && producer().history().size() == count;
            });
  }

  private void pumpUntilSent(int count) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              delivery.pump();
              return producer().history().size() == count;
            });
  }

  @Test
  void keepsBatchesUntilTheyAreAcknowledged() throws Exception {
    add(0, 1);
    assertThat(sent(producer())).containsExactly(0, 1);
    assertThat(delivery.backlogSamples()).isEqualTo(20);
    assertThat(budget.used()).isPositive();

    answer(producer()::completeNext);
    answer(producer()::completeNext);
    delivery.pump();

    assertThat(delivery.isEmpty()).isTrue();
    assertThat(delivery.acknowledgedSamples()).isEqualTo(20);
    assertThat(delivery.acknowledgedBatches()).isEqualTo(2);
    assertThat(delivery.backlogBytes()).isZero();
    assertThat(budget.used()).isZero();
  }

  @Test
  void givesTheProducerNoMoreThanTheWindow() throws Exception {
    add(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

    int window = sent(producer()).size();
    assertThat(window).isBetween(2, 9);

    answer(producer()::completeNext);
    delivery.pump();
    assertThat(sent(producer())).hasSize(window + 1);
  }

  @Test
  void sendsEverythingUnacknowledgedAgainInOrderWhenAProducerFails() throws Exception {
    add(0, 1, 2);
    answer(producer()::completeNext);
    answer(() -> producer().errorNext(new KafkaException("the producer is in an error state")));
    delivery.pump();
    add(3);
    pumpUntilSentAgain(3);

    assertThat(producers).hasSize(2);
    assertThat(producers.get(0).closed()).isTrue();
    assertThat(sent(producer())).containsExactly(1, 2, 3);
    for (int i = 0; i < 3; i++) {
      answer(producer()::completeNext);
    }
    delivery.pump();
    assertThat(delivery.acknowledgedSamples()).isEqualTo(40);
    assertThat(delivery.lostSamples()).isZero();
    assertThat(delivery.errors()).isPositive();
    assertThat(delivery.lastFailure()).contains("error state");
    assertThat(budget.used()).isZero();
  }

  @Test
  void sendsAgainWhateverMadeABatchExpire() throws Exception {
    add(0);
    answer(() -> producer().errorNext(new TimeoutException("expired")));
    pumpUntilSentAgain(1);

    assertThat(producers).hasSize(2);
    assertThat(sent(producer())).containsExactly(0);
  }

  @Test
  void goesOnWithoutABatchThatKafkaWillNeverTake() throws Exception {
    add(0, 1);
    answer(() -> producer().errorNext(new RecordTooLargeException("too large")));
    answer(producer()::completeNext);
    delivery.pump();

    assertThat(producers).hasSize(1);
    assertThat(delivery.isEmpty()).isTrue();
    assertThat(delivery.lostSamples()).isEqualTo(10);
    assertThat(delivery.acknowledgedSamples()).isEqualTo(10);
    assertThat(delivery.backlogSamples()).isZero();
    assertThat(budget.used()).isZero();
  }

  @Test
  void offersABatchAgainThatTheProducerDidNotTake() {
    producer().sendException = new TopicAuthorizationException("samples");
    add(0);
    assertThat(delivery.isStalled()).isTrue();

    producer().sendException = null;
    pumpUntilSent(1);
    assertThat(producers).hasSize(1);
    assertThat(sent(producer())).containsExactly(0);
  }
}
