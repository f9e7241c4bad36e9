package io.tailrace.aggregator.app;

import io.tailrace.aggregator.topology.PartitionStatus;
import io.tailrace.aggregator.topology.StatusBoard;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends a record without a value to a partition that is quiet while something in it waits for
 * time to pass, so that what time decides is in the log like everything else.
 */
final class Ticker implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String topic;
  private final StatusBoard board;
  private final Admin admin;
  private final Producer<byte[], byte[]> producer;

  Ticker(String topic, StatusBoard board, Admin admin, Producer<byte[], byte[]> producer) {
    this.topic = topic;
    this.board = board;
    this.admin = admin;
    this.producer = producer;
  }

  /** Called a few times a second. */
  @Override
  public void run() {
    try {
      for (PartitionStatus status : board.statuses()) {
        if (isDue(status) && hasNoLag(status)) {
          producer.send(new ProducerRecord<>(topic, status.partition(), null, null)).get();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RuntimeException e) {
      LOG.warn("cannot append a tick to {}: {}", topic, e.toString());
    }
  }

  private static boolean isDue(PartitionStatus status) {
    long nowMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    return status.openRuns() > 0
        && status.deadlineMicros() <= nowMicros
        && System.nanoTime() - status.touchedNanos() > QUIET_NANOS;
  }

  private boolean hasNoLag(PartitionStatus status) throws InterruptedException, ExecutionException {
    TopicPartition partition = new TopicPartition(topic, status.partition());
    long end =
        admin
            .listOffsets(Map.of(partition, OffsetSpec.latest()))
            .partitionResult(partition)
            .get()
            .offset();
    return end <= status.nextOffset();
  }
}
