package io.tailrace.sink.core.runner;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One partition on its way to the target, in order, one attempt at a time. Used by the polling
 * thread alone; times are of a monotonic clock, in nanoseconds.
 */
final class Lane {
  private final Pace pace;
  private final RandomGenerator random;
  private final Deque<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();
  private final Deque<Part> parts = new ArrayDeque<>();
  private long queuedBytes;
  private long queuedSince;
  private boolean inFlight;
  private int failures;
  private long notBefore;
  private boolean waiting;
  private long recallUpTo = -1;
  private long settledTo = -1;
  private long acknowledged = -1;

  Lane(Pace pace, RandomGenerator random) {
    this.pace = pace;
    this.random = random;
  }

  void add(ConsumerRecord<byte[], byte[]> bytes, long now) {
    if (queue.isEmpty()) {
      queuedSince = now;
    }
    queue.add(bytes);
    queuedBytes += size(bytes);
  }

  boolean isFull() {
    return queuedBytes >= pace.bufferBytes();
  }

  boolean isInFlight() {
    return inFlight;
  }

  boolean isIdle() {
    return !inFlight && parts.isEmpty() && queue.isEmpty();
  }

  /** Records read but not settled. */
  long pending() {
    return queue.size() + parts.stream().mapToLong(Part::size).sum();
  }

  /** Waiting to try again what the target would not take. */
  boolean isHeldBack() {
    return waiting;
  }

  int failures() {
    return failures;
  }

  /** Whether {@link #next} would give a part. */
  boolean isReady(long now, boolean flush) {
    return !inFlight
        && !(waiting && now - notBefore < 0)
        && (!parts.isEmpty() || (flush ? !queue.isEmpty() : isDue(now)));
  }

  /** The part to attempt now, or null; the caller must answer with one of the outcomes below. */
  @Nullable Part next(long now, boolean flush) {
    if (inFlight || (waiting && now - notBefore < 0)) {
      return null;
    }
    if (parts.isEmpty() && (flush || isDue(now))) {
      fillBatch(now);
    }
    Part part = parts.peek();
    inFlight = part != null;
    return part;
  }

  private boolean isDue(long now) {
    return !queue.isEmpty()
        && (queue.size() >= pace.batchItems()
            || queuedBytes >= pace.batchBytes()
            || now - queuedSince >= pace.flushInterval().toNanos());
  }

  private void fillBatch(long now) {
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
    long bytes = 0;
    boolean recalled = isRecalling();
    while (!queue.isEmpty() && batch.size() < pace.batchItems()) {
      long size = size(queue.element());
      if (recalled && queue.element().offset() >= recallUpTo) {
        break;
      }
      if (!batch.isEmpty() && bytes + size > pace.batchBytes()) {
        break;
      }
      bytes += size;
      batch.add(queue.remove());
    }
    queuedBytes -= bytes;
    queuedSince = now;
    if (!batch.isEmpty()) {
      parts.add(new Part(batch, recalled));
    }
  }

  /** What comes before this offset was settled in an earlier life. */
  void recallUpTo(long offset) {
    recallUpTo = offset;
    acknowledged = offset;
  }

  /** Still reading what was settled in an earlier life. */
  boolean isRecalling() {
    ConsumerRecord<byte[], byte[]> next = queue.peek();
    boolean recallsPart = !parts.isEmpty() && parts.element().isRecalled();
    return recallsPart || recallUpTo > (next == null ? settledTo : next.offset());
  }

  void delivered() {
    settledTo = parts.remove().nextOffset();
    acknowledged = Math.max(acknowledged, settledTo);
    settle();
  }

  void refusedAsAWhole() {
    List<Part> halves = parts.remove().split();
    parts.addFirst(halves.get(1));
    parts.addFirst(halves.get(0));
    settle();
  }

  private void settle() {
    inFlight = false;
    waiting = false;
    failures = 0;
  }

  /** The same part again, not before the target's own wish or a backoff. */
  void failed(Optional<Duration> after, long now) {
    inFlight = false;
    waiting = true;
    failures++;
    notBefore = now + after.orElseGet(() -> pace.backoff().delay(failures, random)).toNanos();
  }

  /** Everything before it is settled, without a hole; negative when nothing was yet. */
  long acknowledged() {
    return acknowledged;
  }

  private static long size(ConsumerRecord<byte[], byte[]> bytes) {
    return Math.max(0, bytes.serializedKeySize()) + (long) Math.max(0, bytes.serializedValueSize());
  }
}
