package io.tailrace.aggregator.proof;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a load on a thread of its own: in real time when it is live, else as fast as it can.
 */
final class Publishing implements AutoCloseable {
  private final FleetLoad load;
  private final Producer<String, byte[]> producer;
  private final boolean inRealTime;
  private final Thread thread = new Thread(this::run, "publishing");
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean finishing;

  private Publishing(FleetLoad load, Producer<String, byte[]> producer, boolean inRealTime) {
    this.load = load;
    this.inRealTime = inRealTime;
    this.producer = producer;
  }

  /** Publishes batch after batch as each falls due. */
  static Publishing inRealTime(FleetLoad load, Producer<String, byte[]> producer) {
    return started(new Publishing(load, producer, true));
  }

  static Publishing asFastAsPossible(FleetLoad load, Producer<String, byte[]> producer) {
    return started(new Publishing(load, producer, false));
  }

  private static Publishing started(Publishing publishing) {
    publishing.thread.start();
    return publishing;
  }

  /** Whether nodes still publish and have not been told to leave. */
  boolean isUnderWay() {
    return thread.isAlive() && !finishing;
  }

  /** Lets every node leave with its next batch, and waits until all is acknowledged. */
  Ledger finish() {
    finishing = true;
    return await();
  }

  /** Waits until all is acknowledged. */
  Ledger await() {
    try {
      thread.join(TimeUnit.MINUTES.toMillis(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while publishing", e);
    }
    Throwable thrown = failure.get();
    if (thrown != null || thread.isAlive()) {
      throw new IllegalStateException("the load was not published", thrown);
    }
    return load.ledger();
  }

  @Override
  public void close() {
    thread.interrupt();
    producer.close();
  }

  private void run() {
    long started = System.nanoTime();
    long first = load.nextMicros();
    while (!load.isDone() && failure.get() == null) {
      if (finishing) {
        load.finish();
      } else if (inRealTime && load.nextMicros() != Long.MIN_VALUE) {
        LockSupport.parkNanos(
            started + TimeUnit.MICROSECONDS.toNanos(load.nextMicros() - first) - System.nanoTime());
      }
      load.publishNext(this::send);
    }
    producer.flush();
  }

  private void send(ProducerRecord<String, byte[]> batch) {
    // The callback tells; nobody waits for a single batch.
    Future<RecordMetadata> unused =
        producer.send(
            batch,
            (metadata, thrown) -> {
              if (thrown != null) {
                failure.compareAndSet(null, thrown);
              }
            });
  }
}
