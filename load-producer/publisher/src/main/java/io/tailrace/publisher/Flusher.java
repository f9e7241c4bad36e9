package io.tailrace.publisher;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunDescription;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that takes samples out of the lanes, encodes them and has them delivered. */
final class Flusher implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Flusher.class);

  /** A thread paused for less than this between measuring and recording breaks no promise. */
  static final long WATERMARK_LAG_MICROS = 100_000;

  private static final long IDLE_NANOS = 250_000_000;

  private static final Duration LONGEST_PATIENCE = Duration.ofDays(1);

  /**
   * How often to look for work while there is much of it, so that it is still in the CPU's cache.
   */
  private static final long BUSY_TICK_NANOS = 5_000_000;

  /** What makes it much: half of it still fits a cache of 256 KiB. */
  private static final long MUCH = 8_192;

  /** Fewer than this can wait for the next flush. */
  private static final long WORTH_DRAINING = 1_024;

  private final Lanes lanes;
  private final BatchEncoder encoder;
  private final Delivery delivery;
  private final NodeIdentity identity;
  private final long intervalNanos;
  private final long calmTickNanos;
  private final NodeVitals vitals = new NodeVitals();
  private final LogPace dropPace = new LogPace();
  private final LogPace faultPace = new LogPace();
  private final AtomicLong abandoned = new AtomicLong();
  private final AtomicReference<@Nullable Farewell> farewell = new AtomicReference<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile @Nullable IntSupplier activeUsers;
  private volatile boolean farewellAcknowledged;

  private long lastSealNanos = System.nanoTime();
  private long lastDrained;
  private long droppedInLog;
  private boolean farewellTried;
  private boolean farewellSealed;

  Flusher(
      Lanes lanes,
      BatchEncoder encoder,
      Delivery delivery,
      NodeIdentity identity,
      Duration interval,
      long longestAbsenceNanos) {
    this.lanes = lanes;
    this.encoder = encoder;
    this.delivery = delivery;
    this.identity = identity;
    this.intervalNanos = interval.toNanos();
    this.calmTickNanos = Math.max(BUSY_TICK_NANOS, longestAbsenceNanos);
  }

  /** Opens the epoch; before the thread is started. */
  void join(RunDescription description) {
    encoder.joined(description);
    encoder.sealWithPromise(identity.clock().getAsLong() - WATERMARK_LAG_MICROS);
  }

  void health(IntSupplier users) {
    activeUsers = users;
  }

  /** Asks for the farewell; only the first asking counts. */
  void leave(LeaveReason reason, String message, Duration deadline) {
    Duration patience = deadline.compareTo(LONGEST_PATIENCE) < 0 ? deadline : LONGEST_PATIENCE;
    long deadlineNanos = System.nanoTime() + patience.toNanos();
    farewell.compareAndSet(null, new Farewell(reason, message, deadlineNanos));
  }

  /** Stops waiting for Kafka. */
  void hurry() {
    farewell.updateAndGet(leaving -> leaving == null ? null : leaving.overdue());
  }

  CountDownLatch finished() {
    return finished;
  }

  boolean farewellAcknowledged() {
    return farewellAcknowledged;
  }

  /** Samples that a fault of ours lost between recording and numbering. */
  long abandoned() {
    return abandoned.get();
  }

  @Override
  public void run() {
    try {
      while (!isFinished()) {
        boolean busy = false;
        try {
          busy = step();
        } catch (RuntimeException | Error e) {
          recover(e);
        }
        if (!busy) {
          LockSupport.parkNanos(this, pauseNanos());
        }
      }
    } finally {
      close();
    }
  }

  /** Waking up costs the load its core for a moment, so a calm load is looked at less often. */
  private long pauseNanos() {
    if (lastDrained > MUCH || farewell.get() != null) {
      return BUSY_TICK_NANOS;
    }
    long untilDue = intervalNanos - (System.nanoTime() - lastSealNanos);
    return untilDue > 0 ? Math.min(untilDue, calmTickNanos) : calmTickNanos;
  }

  /** Returns whether there is more to do at once. */
  private boolean step() {
    Farewell leaving = farewell.get();
    if (leaving != null && !farewellTried) {
      farewellTried = true;
      long began = identity.clock().getAsLong();
      lanes.drain(encoder);
      encoder.left(leaving.reason(), leaving.message());
      seal(began);
      farewellSealed = true;
    } else if (leaving == null) {
      flushIfDue();
    }
    delivery.pump();
    return leaving == null && lanes.pending() >= WORTH_DRAINING;
  }

  private void flushIfDue() {
    long sinceSeal = System.nanoTime() - lastSealNanos;
    long pending = lanes.pending();
    lastDrained = pending;
    boolean due = sinceSeal >= intervalNanos;
    if (!due && pending < WORTH_DRAINING) {
      return;
    }
    long began = identity.clock().getAsLong();
    lanes.drain(encoder);
    mentionDrops();
    boolean worthSending =
        encoder.isNearlyFull() || (due && (encoder.openSamples() > 0 || sinceSeal >= IDLE_NANOS));
    // While Kafka is away samples gather in full batches: small ones would only lengthen the queue.
    if (worthSending && !delivery.isStalled()) {
      seal(began);
    }
  }

  private void seal(long beganMicros) {
    measure();
    encoder.dropped(lanes.dropped() + abandoned.get());
    encoder.sealWithPromise(beganMicros - WATERMARK_LAG_MICROS);
    lastSealNanos = System.nanoTime();
  }

  private void mentionDrops() {
    long dropped = lanes.dropped();
    if (dropped > droppedInLog && dropPace.mayLog()) {
      log.warn(
          "dropped {} samples since the last such line, {} in all: {} wait for Kafka",
          dropped - droppedInLog,
          dropped,
          delivery.backlogSamples());
      droppedInLog = dropped;
    }
  }

  private void measure() {
    IntSupplier users = activeUsers;
    if (users == null) {
      return;
    }
    int active;
    try {
      active = users.getAsInt();
    } catch (RuntimeException e) {
      // The caller's fault must not cost a batch; a health that is not measured is left out.
      if (faultPace.mayLog()) {
        log.warn("asking for the active users failed", e);
      }
      return;
    }
    vitals.refresh();
    encoder.health(active, vitals.cpuPercent(), vitals.memoryMb());
  }

  private boolean isFinished() {
    Farewell leaving = farewell.get();
    return leaving != null && farewellTried && (delivery.isEmpty() || leaving.isOverdue());
  }

  /** A fault of this class must not end the run's reporting: the open batch counts as dropped. */
  private void recover(Throwable fault) {
    int samples = encoder.abandon();
    abandoned.addAndGet(samples);
    if (faultPace.mayLog()) {
      log.error("a flush failed, {} samples count as dropped", samples, fault);
    }
  }

  private void close() {
    try {
      farewellAcknowledged = farewellSealed && delivery.isEmpty();
      delivery.close(Duration.ZERO);
      farewellAcknowledged |= farewellSealed && delivery.isEmpty();
    } finally {
      finished.countDown();
    }
  }
}
