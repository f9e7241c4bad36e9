package io.tailrace.benchmarks.publisher;

import com.sun.management.ThreadMXBean;
import io.tailrace.publisher.Outcome;
import io.tailrace.publisher.PublisherStats;
import io.tailrace.publisher.SamplePublisher;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What recording costs the thread that does it, beside a queue of objects.
 *
 * <p>No pipeline keeps up with threads that do nothing but record. So they record in bursts and
 * wait outside the measurement until Kafka has everything; a run in which a sample was dropped
 * fails.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBenchmark {

  private static final int BURST = MadeUpSamples.COUNT;

  /** The publisher all threads record with. */
  @State(Scope.Benchmark)
  public static class Publishing {
    private final MadeUpSamples samples = new MadeUpSamples();
    private final SamplesTopic topic = new SamplesTopic();
    private final SamplePublisher publisher = topic.publisher("record", Map.of());
    private final Outcome[] outcomes = samples.outcomes(publisher);

    @TearDown(Level.Trial)
    public void close() {
      PublisherStats stats = publisher.stats();
      publisher.close();
      topic.close();
      if (stats.dropped() > 0) {
        throw new IllegalStateException("void: samples were dropped: " + stats);
      }
    }
  }

  /**
   * Lets a thread start its burst only once Kafka has the last one, and counts what the thread
   * itself allocates meanwhile: {@code -prof gc} counts the flusher and the broker too.
   */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Burst {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    public long allocatedByRecorder;

    @Setup(Level.Invocation)
    public void await(Publishing publishing) {
      while (publishing.publisher.stats().backlogSamples() > 0) {
        LockSupport.parkNanos(200_000);
      }
    }
  }

  /** The queue of objects that all threads share, emptied between bursts. */
  @State(Scope.Benchmark)
  public static class Queueing {
    private final MadeUpSamples samples = new MadeUpSamples();
    private final Queue<Sample> queue = new ConcurrentLinkedQueue<>();

    @Setup(Level.Invocation)
    public void empty() {
      queue.clear();
    }
  }

  /** One sample as an object. */
  record Sample(
      int outcome,
      long end,
      long latency,
      long delay,
      long firstByte,
      long connect,
      long sent,
      long received) {}

  private static long record(Publishing publishing, Burst burst) {
    long allocatedBefore = burst.threads.getCurrentThreadAllocatedBytes();
    MadeUpSamples samples = publishing.samples;
    SamplePublisher publisher = publishing.publisher;
    Outcome[] outcomes = publishing.outcomes;
    long now = publisher.nowMicros();
    long kept = 0;
    for (int i = 0; i < BURST; i++) {
      kept +=
          publisher.record(
                  outcomes[i],
                  now,
                  samples.latency[i],
                  samples.delay[i],
                  samples.firstByte[i],
                  0,
                  120,
                  samples.received[i])
              ? 1
              : 0;
    }
    burst.allocatedByRecorder += burst.threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
    return kept;
  }

  private static long enqueue(Queueing queueing) {
    MadeUpSamples samples = queueing.samples;
    Queue<Sample> queue = queueing.queue;
    for (int i = 0; i < BURST; i++) {
      queue.add(
          new Sample(
              samples.series[i],
              i,
              samples.latency[i],
              samples.delay[i],
              samples.firstByte[i],
              0,
              120,
              samples.received[i]));
    }
    return queue.isEmpty() ? 0 : BURST;
  }

  @Benchmark
  @OperationsPerInvocation(BURST)
  public long recordOneThread(Publishing publishing, Burst burst) {
    return record(publishing, burst);
  }

  @Benchmark
  @Threads(4)
  @OperationsPerInvocation(BURST)
  public long recordFourThreads(Publishing publishing, Burst burst) {
    return record(publishing, burst);
  }

  @Benchmark
  @OperationsPerInvocation(BURST)
  public long concurrentLinkedQueueOneThread(Queueing queueing) {
    return enqueue(queueing);
  }

  @Benchmark
  @Threads(4)
  @OperationsPerInvocation(BURST)
  public long concurrentLinkedQueueFourThreads(Queueing queueing) {
    return enqueue(queueing);
  }
}
