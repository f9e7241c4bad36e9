package io.tailrace.publisher;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings numbered batches to Kafka in order and keeps each until it is acknowledged; when a
 * producer fails for good, a new one sends the same batches again under the same numbers. Only for
 * the flusher's thread, but for the counters.
 */
final class Delivery {

  private static final Logger log = LoggerFactory.getLogger(Delivery.class);
  private static final long FIRST_PAUSE_NANOS = 100_000_000;
  private static final long LONGEST_PAUSE_NANOS = 2_000_000_000;
  private static final long STALLED_NANOS = 1_000_000_000;

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final MemoryBudget budget;
  private final String topic;
  private final byte[] key;
  private final long windowBytes;

  private final Deque<EncodedBatch> waiting = new ArrayDeque<>();
  private final Deque<Attempt> inFlight = new ArrayDeque<>();
  private long inFlightBytes;
  private @Nullable Producer<byte[], byte[]> producer;
  private long pausedUntilNanos;
  private long pauseNanos;

  private final AtomicInteger freshFailures = new AtomicInteger();
  private final AtomicLong acknowledgedSamples = new AtomicLong();
  private final AtomicLong acknowledgedBatches = new AtomicLong();
  private final AtomicLong lostSamples = new AtomicLong();
  private final AtomicLong backlogSamples = new AtomicLong();
  private final AtomicLong backlogBytes = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private volatile @Nullable String lastFailure;
  private final LogPace pace = new LogPace();

  /**
   * @param windowBytes how much is given to the producer at a time; the rest waits here
   */
  Delivery(
      Supplier<Producer<byte[], byte[]>> producers,
      Producer<byte[], byte[]> first,
      MemoryBudget budget,
      String topic,
      byte[] key,
      long windowBytes) {
    this.producers = producers;
    this.producer = first;
    this.budget = budget;
    this.topic = topic;
    this.key = key;
    this.windowBytes = windowBytes;
    this.pausedUntilNanos = System.nanoTime();
  }

  void add(EncodedBatch batch) {
    budget.take(batch.heldBytes());
    backlogSamples.addAndGet(batch.samples());
    backlogBytes.addAndGet(batch.heldBytes());
    waiting.add(batch);
  }

  /** Settles what has been answered and sends what fits the window. */
  void pump() {
    settle();
    while (!waiting.isEmpty() && inFlightBytes < windowBytes && !isPausing()) {
      send(waiting.getFirst());
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty() && inFlight.isEmpty();
  }

  /** True while Kafka does not keep up: another small batch would only lengthen the queue. */
  boolean isStalled() {
    Attempt oldest = inFlight.peekFirst();
    return !waiting.isEmpty()
        || (oldest != null && System.nanoTime() - oldest.sentNanos > STALLED_NANOS);
  }

  void close(Duration patience) {
    Producer<byte[], byte[]> open = producer;
    if (open != null) {
      producer = null;
      open.close(patience);
      settle();
    }
  }

  private void send(EncodedBatch batch) {
    Attempt attempt = new Attempt(batch);
    try {
      // The attempt is told all that the future knows.
      var unused = open().send(new ProducerRecord<>(topic, key, batch.value()), attempt);
    } catch (RuntimeException e) {
      failed(e);
      if (!isPassing(e)) {
        restart();
      }
      pause();
      return;
    }
    Exception refusal = attempt.refusedAtOnce();
    if (refusal == null) {
      waiting.removeFirst();
      inFlight.add(attempt);
      inFlightBytes += batch.heldBytes();
    } else if (isAboutTheBatch(refusal)) {
      failed(refusal);
      waiting.removeFirst();
      lose(batch, refusal);
    } else {
      // The producer never took it, so nothing is out of order when it is offered again.
      failed(refusal);
      pause();
    }
  }

  private void settle() {
    if (freshFailures.get() == 0) {
      for (Attempt head = inFlight.peekFirst();
          head != null && head.isAcknowledged();
          head = inFlight.peekFirst()) {
        inFlight.removeFirst();
        acknowledge(head.batch);
      }
      return;
    }
    if (settleFailures()) {
      restart();
      pause();
    }
  }

  /** Returns whether something is to be sent again. */
  private boolean settleFailures() {
    freshFailures.set(0);
    boolean again = false;
    for (Iterator<Attempt> attempts = inFlight.iterator(); attempts.hasNext(); ) {
      Attempt attempt = attempts.next();
      Exception failure = attempt.failure;
      if (attempt.isAcknowledged()) {
        attempts.remove();
        acknowledge(attempt.batch);
      } else if (failure != null && isAboutTheBatch(failure)) {
        failed(failure);
        attempts.remove();
        lose(attempt.batch, failure);
      } else if (failure != null) {
        failed(failure);
        again = true;
      }
    }
    inFlightBytes = inFlight.stream().mapToLong(attempt -> attempt.batch.heldBytes()).sum();
    return again;
  }

  /**
   * Gives up the producer. What it had not acknowledged may be in the topic or not: it is sent
   * again under the same numbers, in order, and readers skip the numbers they have seen.
   */
  private void restart() {
    Producer<byte[], byte[]> failed = producer;
    producer = null;
    if (failed != null) {
      // Returns when every callback has run, so none can come for batches sent again.
      failed.close(Duration.ZERO);
    }
    settleFailures();
    while (!inFlight.isEmpty()) {
      waiting.addFirst(inFlight.removeLast().batch);
    }
    inFlightBytes = 0;
    freshFailures.set(0);
  }

  private Producer<byte[], byte[]> open() {
    Producer<byte[], byte[]> open = producer;
    if (open == null) {
      open = producers.get();
      producer = open;
    }
    return open;
  }

  private void acknowledge(EncodedBatch batch) {
    inFlightBytes -= batch.heldBytes();
    pauseNanos = 0;
    acknowledgedSamples.addAndGet(batch.samples());
    acknowledgedBatches.incrementAndGet();
    forget(batch);
  }

  private void lose(EncodedBatch batch, Exception why) {
    log.error(
        "batch {} of {} samples is lost, and stays visible as a gap: {}",
        batch.sequence(),
        batch.samples(),
        why.toString());
    lostSamples.addAndGet(batch.samples());
    forget(batch);
  }

  private void forget(EncodedBatch batch) {
    budget.give(batch.heldBytes());
    backlogSamples.addAndGet(-batch.samples());
    backlogBytes.addAndGet(-batch.heldBytes());
  }

  private void failed(Exception failure) {
    errors.incrementAndGet();
    lastFailure = failure.toString();
    if (pace.mayLog()) {
      log.warn(
          "publishing to {}: {}; {} samples wait", topic, failure.toString(), backlogSamples.get());
    }
  }

  private boolean isPausing() {
    return System.nanoTime() - pausedUntilNanos < 0;
  }

  private void pause() {
    pauseNanos = Math.min(LONGEST_PAUSE_NANOS, Math.max(FIRST_PAUSE_NANOS, 2 * pauseNanos));
    pausedUntilNanos = System.nanoTime() + pauseNanos;
  }

  /** The same producer may succeed later, and has not taken the batch. */
  private static boolean isPassing(Exception failure) {
    return failure instanceof RetriableException
        || failure instanceof AuthenticationException
        || failure instanceof AuthorizationException
        || failure instanceof InterruptException;
  }

  /** No producer will ever be able to deliver it. */
  private static boolean isAboutTheBatch(Exception failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException
        || failure instanceof InvalidRecordException
        || failure instanceof SerializationException;
  }

  long acknowledgedSamples() {
    return acknowledgedSamples.get();
  }

  long acknowledgedBatches() {
    return acknowledgedBatches.get();
  }

  long lostSamples() {
    return lostSamples.get();
  }

  long backlogSamples() {
    return backlogSamples.get();
  }

  long backlogBytes() {
    return backlogBytes.get();
  }

  long errors() {
    return errors.get();
  }

  @Nullable String lastFailure() {
    return lastFailure;
  }

  /** One batch given to one producer; its fate is told on the producer's own thread. */
  private final class Attempt implements Callback {

    private final EncodedBatch batch;
    private final long sentNanos = System.nanoTime();
    private final Thread sender = Thread.currentThread();
    private volatile boolean acknowledged;
    private volatile @Nullable Exception failure;
    private @Nullable Exception refusal;

    Attempt(EncodedBatch batch) {
      this.batch = batch;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
      if (exception == null) {
        acknowledged = true;
      } else if (Thread.currentThread() == sender) {
        refusal = exception;
      } else {
        failure = exception;
        freshFailures.incrementAndGet();
      }
    }

    boolean isAcknowledged() {
      return acknowledged;
    }

    /** Why {@code send} itself did not take the batch; null when it did. */
    @Nullable Exception refusedAtOnce() {
      return refusal;
    }
  }
}
