package io.tailrace.sink.core.runner;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that make attempts and hand what came of them back to the polling thread. */
final class Workers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Workers.class);
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final double NANOS_PER_SECOND = 1e9;

  /** What came of one attempt of a lane. */
  record Completion(TopicPartition partition, Lane lane, Attempt.Outcome outcome) {}

  private final String name;
  private final DoubleConsumer seconds;
  private final ExecutorService threads;
  private final AtomicInteger underWay = new AtomicInteger();
  private final BlockingQueue<Completion> completions = new LinkedBlockingQueue<>();

  Workers(String name, int parallelism, DoubleConsumer seconds) {
    this.name = name;
    this.seconds = seconds;
    this.threads =
        Executors.newFixedThreadPool(
            parallelism, work -> new Thread(work, "sink-" + name + "-attempt"));
  }

  void submit(TopicPartition partition, Lane lane, Attempt attempt, Part part) {
    underWay.incrementAndGet();
    threads.execute(
        () -> {
          completions.add(complete(partition, lane, attempt, part));
          underWay.decrementAndGet();
        });
  }

  /** Whether an attempt is under way. */
  boolean isBusy() {
    return underWay.get() > 0;
  }

  /** Hands over what is done by now. */
  void completed(Consumer<Completion> settle) {
    for (Completion done = completions.poll(); done != null; done = completions.poll()) {
      settle.accept(done);
    }
  }

  /** The same, after waiting at most so long for something to be done. */
  void completed(Duration patience, Consumer<Completion> settle) {
    try {
      Completion first = completions.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        settle.accept(first);
        completed(settle);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Completion complete(TopicPartition partition, Lane lane, Attempt attempt, Part part) {
    long begin = System.nanoTime();
    Attempt.Outcome outcome;
    try {
      outcome = attempt.make(part);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      outcome = new Attempt.Outcome.Later("interrupted", Optional.empty());
    } catch (RuntimeException | Error e) {
      // A lane must hear of every attempt it started, or it would wait for ever.
      log.error("sink {}: an attempt broke", name, e);
      outcome = new Attempt.Outcome.Later(e.getClass().getName(), Optional.empty());
    }
    seconds.accept((System.nanoTime() - begin) / NANOS_PER_SECOND);
    return new Completion(partition, lane, outcome);
  }

  /** Interrupts what is under way; {@link #close} then waits for it. */
  void stop() {
    threads.shutdownNow();
  }

  @Override
  public void close() {
    stop();
    try {
      if (!threads.awaitTermination(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("sink {}: an attempt does not end", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
