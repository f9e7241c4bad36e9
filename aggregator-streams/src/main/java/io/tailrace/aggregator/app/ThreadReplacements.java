package io.tailrace.aggregator.app;

import io.tailrace.aggregator.topology.InputSkipped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces stream threads that die: whatever they had not committed is read again. One that dies
 * over and over is replaced ever more slowly, and the process says that it is not well.
 */
final class ThreadReplacements implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacements.class);
  private static final long MEMORY_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MANY = 10;
  private static final long PAUSE_MILLIS = 200;

  private final Deque<Long> recent = new ArrayDeque<>();
  private long count;

  @Override
  public StreamThreadExceptionResponse handle(Throwable exception) {
    int replacements = note();
    if (exception instanceof InputSkipped) {
      LOG.warn("replacing a stream thread: {}", exception.getMessage());
    } else {
      LOG.error("replacing a stream thread that died", exception);
    }
    try {
      Thread.sleep(PAUSE_MILLIS * Math.min(replacements, 2 * MANY));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  synchronized long count() {
    return count;
  }

  /** Names the problem while threads die over and over. */
  Optional<String> problem() {
    int replacements = recent();
    return replacements < MANY
        ? Optional.empty()
        : Optional.of(replacements + " stream threads died within a minute");
  }

  private synchronized int note() {
    count++;
    recent.addLast(System.nanoTime());
    return recent();
  }

  private synchronized int recent() {
    long now = System.nanoTime();
    while (!recent.isEmpty() && now - recent.peekFirst() > MEMORY_NANOS) {
      recent.removeFirst();
    }
    return recent.size();
  }
}
