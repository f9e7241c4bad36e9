package io.tailrace.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds transactions that stay open: nothing behind them can be read by those who read what is
 * committed, and nobody gets an error.
 */
public final class TransactionsCheck {
  private static final String TRANSACTIONS = "transactions";

  private final Admin admin;
  private final Duration longest;
  private final LongSupplier nowMillis;
  private final Findings findings;

  /** With how long a transaction may be open before it counts as hung. */
  public TransactionsCheck(
      Admin admin, Duration longest, LongSupplier nowMillis, Findings findings) {
    this.admin = admin;
    this.longest = longest;
    this.nowMillis = nowMillis;
    this.findings = findings;
  }

  private record Hung(TopicPartition partition, ProducerState producer, Duration open) {}

  /** Examines these topics as far as they are there; hung transactions are aborted on request. */
  public void examine(List<String> topics, boolean abort) {
    try {
      List<Hung> all = hung(topics);
      if (all.isEmpty()) {
        findings.fine(TRANSACTIONS, "none has been open for more than " + seconds(longest));
      }
      for (Hung hung : all) {
        tell(hung, abort);
      }
    } catch (KafkaException e) {
      findings.doubtful(
          TRANSACTIONS, "cannot be looked at: " + e.getMessage(), "allow READ on the topics");
    }
  }

  private void tell(Hung hung, boolean abort) {
    String text =
        "%s: producer %d has had one open for %s"
            .formatted(hung.partition(), hung.producer().producerId(), seconds(hung.open()));
    if (!abort) {
      findings.wrong(
          TRANSACTIONS,
          text,
          "is its service gone for good? Then: tailrace doctor --abort-transactions");
      return;
    }
    ProducerState producer = hung.producer();
    try {
      Answers.of(
          admin
              .abortTransaction(
                  new AbortTransactionSpec(
                      hung.partition(),
                      producer.producerId(),
                      (short) producer.producerEpoch(),
                      producer.coordinatorEpoch().orElse(0)))
              .all());
      findings.fine(TRANSACTIONS, text + "; aborted");
    } catch (KafkaException e) {
      findings.wrong(
          TRANSACTIONS,
          text + "; it cannot be aborted: " + e.getMessage(),
          "allow CLUSTER_ACTION, or ask those who run the cluster");
    }
  }

  private List<Hung> hung(List<String> topics) {
    List<Hung> hung = new ArrayList<>();
    List<TopicPartition> behind = behind(topics);
    if (behind.isEmpty()) {
      return hung;
    }
    long now = nowMillis.getAsLong();
    Answers.of(admin.describeProducers(behind).all())
        .forEach(
            (partition, state) ->
                state.activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .map(
                        producer ->
                            new Hung(
                                partition,
                                producer,
                                Duration.ofMillis(Math.max(0, now - producer.lastTimestamp()))))
                    .filter(open -> open.open().compareTo(longest) >= 0)
                    .forEach(hung::add));
    return hung;
  }

  /** Partitions whose committed end is not their end. */
  private List<TopicPartition> behind(List<String> topics) {
    List<String> present =
        Answers.of(admin.listTopics().names()).stream().filter(topics::contains).toList();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    Answers.of(admin.describeTopics(present).allTopicNames())
        .forEach(
            (name, topic) ->
                topic
                    .partitions()
                    .forEach(
                        partition ->
                            latest.put(
                                new TopicPartition(name, partition.partition()),
                                OffsetSpec.latest())));
    Map<TopicPartition, ListOffsetsResultInfo> stable =
        offsets(latest, IsolationLevel.READ_COMMITTED);
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        offsets(latest, IsolationLevel.READ_UNCOMMITTED);
    List<TopicPartition> behind = new ArrayList<>();
    stable.forEach(
        (partition, offset) -> {
          ListOffsetsResultInfo end = ends.get(partition);
          if (end != null && offset.offset() < end.offset()) {
            behind.add(partition);
          }
        });
    return behind;
  }

  private Map<TopicPartition, ListOffsetsResultInfo> offsets(
      Map<TopicPartition, OffsetSpec> latest, IsolationLevel level) {
    return Answers.of(admin.listOffsets(latest, new ListOffsetsOptions(level)).all());
  }

  private static String seconds(Duration span) {
    return span.toSeconds() + " s";
  }
}
