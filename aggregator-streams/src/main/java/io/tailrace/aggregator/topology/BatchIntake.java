package io.tailrace.aggregator.topology;

import io.tailrace.registry.RegistryRefused;
import io.tailrace.registry.RegistryUnavailable;
import io.tailrace.wire.SampleBatchReader;
import io.tailrace.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads records as batches and says what is wrong with those that are none. */
final class BatchIntake {
  private static final Logger LOG = LoggerFactory.getLogger(BatchIntake.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  // Well within the time after which a consumer that does not poll is taken for dead.
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
  private static final long MOST = 1L << 53;
  private static final long LATEST_MICROS = 253_402_300_799_999_999L;

  private final SampleBatchReader batch;
  private final int partitions;
  private final BooleanSupplier stopping;
  private String lastRun = "";
  private byte[] lastKey = {};
  private int lastPartition;

  /** Why a record is not a batch of this partition. */
  record Refusal(String reason, String detail) {}

  BatchIntake(SampleBatchReader batch, int partitions, BooleanSupplier stopping) {
    this.batch = batch;
    this.partitions = partitions;
    this.stopping = stopping;
  }

  SampleBatchReader batch() {
    return batch;
  }

  /** Reads a batch; null when it is one and belongs here. */
  @Nullable Refusal read(byte @Nullable [] key, byte[] value, int partition) {
    try {
      readPatiently(value);
    } catch (WireException e) {
      return new Refusal(e.fault().reason(), String.valueOf(e.getMessage()));
    }
    Refusal refusal = checkHeader();
    return refusal == null ? checkPlace(key, partition) : refusal;
  }

  private @Nullable Refusal checkHeader() {
    if (isBadName(batch.run()) || isBadName(batch.node())) {
      return new Refusal("bad-name", "a run and its nodes have names without control characters");
    }
    if (isBad(batch.sequence())
        || isBad(batch.publishedBefore())
        || isBad(batch.droppedSamples())) {
      return new Refusal(
          "bad-count",
          "sequence %d, publishedBefore %d, droppedSamples %d: expected 0 to 2^53"
              .formatted(batch.sequence(), batch.publishedBefore(), batch.droppedSamples()));
    }
    if (batch.sentMicros() < 0 || batch.sentMicros() > LATEST_MICROS) {
      return new Refusal(
          "bad-time", "sentMicros " + batch.sentMicros() + ": expected microseconds since 1970");
    }
    return null;
  }

  private static boolean isBad(long count) {
    return count < 0 || count > MOST;
  }

  private static boolean isBadName(String name) {
    // A loop: a stream for every record of one sample costs as much as recording it.
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        return true;
      }
    }
    return name.isEmpty();
  }

  private @Nullable Refusal checkPlace(byte @Nullable [] key, int partition) {
    String run = batch.run();
    if (!run.equals(lastRun)) {
      lastRun = run;
      lastKey = run.getBytes(StandardCharsets.UTF_8);
      lastPartition = Utils.toPositive(Utils.murmur2(lastKey)) % partitions;
    }
    if (!Arrays.equals(key, lastKey)) {
      return new Refusal("wrong-key", "the key of a batch is its run, " + run);
    }
    if (partition != lastPartition) {
      return new Refusal(
          "wrong-partition",
          "batches of run %s belong in partition %d of %d (murmur2 of the key), not in %d"
              .formatted(run, lastPartition, partitions, partition));
    }
    return null;
  }

  /** Waits where it is while the registry does not answer: input must neither pass nor be lost. */
  private void readPatiently(byte[] value) {
    Duration pause = FIRST_PAUSE;
    Duration waited = Duration.ZERO;
    while (true) {
      try {
        batch.read(value);
        return;
      } catch (RegistryUnavailable | RegistryRefused e) {
        if (stopping.getAsBoolean() || waited.compareTo(LONGEST_WAIT) > 0) {
          throw new StreamsException("cannot read a batch without the schema registry", e);
        }
        LOG.warn("waiting for the schema registry: {}", e.getMessage());
        sleep(pause, e);
        waited = waited.plus(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
      }
    }
  }

  private static void sleep(Duration pause, KafkaException cause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamsException("interrupted while waiting for the schema registry", cause);
    }
  }
}
