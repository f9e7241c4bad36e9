package io.tailrace.publisher;

import io.tailrace.record.LeaveReason;
import io.tailrace.wire.SampleBatchWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes every sample of one node of a run to Kafka. Any thread may call any method; recording
 * never waits, for Kafka or for another thread.
 */
public final class SamplePublisher implements AutoCloseable {

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private final Dictionary dictionary = new Dictionary();
  private final NodeIdentity identity;
  private final MemoryBudget budget;
  private final MemoryShares shares;
  private final Lanes lanes;
  private final ThreadLocal<Lane> lane;
  private final Delivery delivery;
  private final BatchEncoder encoder;
  private final Flusher flusher;
  private final Thread thread;
  private volatile boolean leaving;

  SamplePublisher(
      PublisherSettings settings,
      SampleBatchWriter writer,
      Function<MemoryBudget, Delivery> connection) {
    this.identity = settings.identity();
    this.shares = settings.shares();
    this.budget = new MemoryBudget(shares.sampleBytes());
    this.lanes = new Lanes(new ChunkPool(budget));
    this.lane = ThreadLocal.withInitial(lanes::add);
    this.delivery = connection.apply(budget);
    this.encoder =
        new BatchEncoder(writer, dictionary, identity, settings.batchBytes(), this::deliver);
    this.flusher =
        new Flusher(
            lanes,
            encoder,
            delivery,
            identity,
            settings.flushInterval(),
            shares.longestAbsenceNanos());
    this.thread = new Thread(flusher, "tailrace-publisher-" + identity.node());
    thread.setDaemon(true);
    flusher.join(settings.description());
    thread.start();
  }

  private void deliver(EncodedBatch batch) {
    delivery.add(batch);
    delivery.pump();
  }

  /** Starts with the defaults; at least Kafka, the schema registry and the run have to be named. */
  public static SamplePublisherBuilder builder() {
    return new SamplePublisherBuilder();
  }

  /** The run's id. */
  public String run() {
    return identity.run();
  }

  /** The node's name. */
  public String node() {
    return identity.node();
  }

  /** The clock that {@code endMicros} should be read from: watermarks are promised by it. */
  public long nowMicros() {
    return identity.clock().getAsLong();
  }

  /** Registers a series, once; the same arguments give the same handle. */
  public SeriesHandle series(String name, String method, String group, Map<String, String> tags) {
    return dictionary.series(name, method, group, tags);
  }

  /**
   * Registers one way the requests of a series end, once; later calls find it without waiting.
   *
   * @param status the protocol's status; 0 when no answer came
   * @param error the kind of error, a short word that repeats; null when the request succeeded
   */
  public Outcome outcome(SeriesHandle series, int status, @Nullable String error) {
    if (!series.isOf(dictionary)) {
      throw new IllegalArgumentException(series + " was registered with another publisher");
    }
    return dictionary.outcome(series, status, error);
  }

  /**
   * Records one request. It never waits; the first call of a thread sets up its buffer.
   *
   * @param endMicros when it ended, by {@link #nowMicros}
   * @param latencyMicros from sending to the end
   * @param delayMicros how much later than due it was sent; 0 when on time
   * @param firstByteMicros from sending to the first byte of the answer; -1 when not known
   * @param connectMicros the time taken to connect; 0 for a reused connection, -1 when not known
   * @param bytesSent -1 when not known
   * @param bytesReceived -1 when not known
   * @return false when the sample was dropped, and counted as such: the memory bound is reached, or
   *     the node has left
   */
  public boolean record(
      Outcome outcome,
      long endMicros,
      long latencyMicros,
      long delayMicros,
      long firstByteMicros,
      long connectMicros,
      long bytesSent,
      long bytesReceived) {
    if (!outcome.series().isOf(dictionary)) {
      throw new IllegalArgumentException(outcome + " was registered with another publisher");
    }
    Lane own = lane.get();
    if (leaving) {
      own.drop();
      return false;
    }
    return own.record(
        outcome.index(),
        endMicros,
        latencyMicros,
        delayMicros,
        firstByteMicros,
        connectMicros,
        bytesSent,
        bytesReceived);
  }

  /** From now on batches carry the node's health: active users as told here, CPU and memory. */
  public void health(IntSupplier activeUsers) {
    flusher.health(activeUsers);
  }

  /** How publishing goes. */
  public PublisherStats stats() {
    // Read in this order, so that no sample is in a later count and not yet in an earlier one.
    long acknowledged = delivery.acknowledgedSamples();
    long lost = delivery.lostSamples();
    long published = encoder.published();
    long abandoned = flusher.abandoned();
    long recorded = lanes.written();
    return new PublisherStats(
        recorded,
        published,
        acknowledged,
        lanes.dropped() + abandoned,
        lost,
        recorded - abandoned - acknowledged - lost,
        delivery.backlogBytes(),
        shares.inUse(budget.used()),
        shares.inUse(budget.limit()),
        delivery.acknowledgedBatches(),
        delivery.errors(),
        delivery.lastFailure());
  }

  /**
   * Says why this node leaves the run and waits until Kafka has everything, or until the deadline.
   * Recording should have ended: what comes later is dropped. Leaving again gives the same report.
   */
  public CloseReport leave(LeaveReason reason, String message, Duration deadline) {
    leaving = true;
    long askedNanos = System.nanoTime();
    flusher.leave(reason, message, deadline);
    LockSupport.unpark(thread);
    awaitFlusher();
    PublisherStats stats = stats();
    return new CloseReport(
        stats.recorded(),
        stats.acknowledged(),
        stats.dropped(),
        stats.backlogSamples(),
        stats.lost(),
        flusher.farewellAcknowledged(),
        Duration.ofNanos(System.nanoTime() - askedNanos),
        stats.lastFailure());
  }

  /** Leaves as STOPPED unless the node has left already, and waits ten seconds at most. */
  @Override
  public void close() {
    leave(LeaveReason.STOPPED, "", CLOSE_PATIENCE);
  }

  private void awaitFlusher() {
    boolean interrupted = false;
    while (true) {
      try {
        flusher.finished().await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        flusher.hurry();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
