package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LanesTest {

  private static final int THREADS = 4;

  /** What one thread knows of its own samples. */
  private record Ledger(BitSet kept, int dropped) {}

  /** Rows as they come out: which thread's, which number; each checked to be whole. */
  private static final class Received implements LaneReader.Rows {
    private final List<BitSet> byThread = new ArrayList<>();
    private final int[] lastOfThread = new int[THREADS];
    private long twice;
    private long torn;
    private long outOfOrder;

    Received() {
      Arrays.fill(lastOfThread, -1);
      for (int thread = 0; thread < THREADS; thread++) {
        byThread.add(new BitSet());
      }
    }

    @Override
    public void accept(long[] values, int from, int count) {
      for (int row = 0; row < count; row++) {
        int at = from + row * Chunk.FIELDS;
        int thread = (int) values[at];
        int number = (int) values[at + 1];
        for (int field = 2; field < Chunk.FIELDS; field++) {
          torn += values[at + field] == check(thread, number, field) ? 0 : 1;
        }
        outOfOrder += number > lastOfThread[thread] ? 0 : 1;
        lastOfThread[thread] = number;
        twice += byThread.get(thread).get(number) ? 1 : 0;
        byThread.get(thread).set(number);
      }
    }
  }

  private static long check(int thread, int number, int field) {
    return (thread * 31L + number) * 31 + field;
  }

  private static boolean record(Lane lane, int thread, int i) {
    return lane.record(
        thread,
        i,
        check(thread, i, 2),
        check(thread, i, 3),
        check(thread, i, 4),
        check(thread, i, 5),
        check(thread, i, 6),
        check(thread, i, 7));
  }

  private static Ledger record(Lanes lanes, int thread, int samples) {
    Lane lane = lanes.add();
    BitSet kept = new BitSet();
    int dropped = 0;
    for (int i = 0; i < samples; i++) {
      if (record(lane, thread, i)) {
        kept.set(i);
      } else {
        dropped++;
      }
    }
    return new Ledger(kept, dropped);
  }

  private static List<Ledger> recordAndDrain(Lanes lanes, Received received, int samples)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Callable<Ledger>> tasks = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      tasks.add(() -> record(lanes, number, samples));
    }
    List<Future<Ledger>> running = new ArrayList<>();
    tasks.forEach(task -> running.add(threads.submit(task)));
    while (!running.stream().allMatch(Future::isDone)) {
      lanes.drain(received);
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    lanes.drain(received);
    List<Ledger> ledgers = new ArrayList<>();
    for (Future<Ledger> ledger : running) {
      ledgers.add(ledger.get());
    }
    return ledgers;
  }

  @Test
  void handsOverEverySampleOnceWhileThreadsRecord() throws Exception {
    MemoryBudget budget = new MemoryBudget(64 << 20);
    Lanes lanes = new Lanes(new ChunkPool(budget));
    Received received = new Received();

    List<Ledger> ledgers = recordAndDrain(lanes, received, 1_000_000);

    assertMatch(ledgers, received, lanes);
    // A pool says that it has ended a moment before the last of its threads does.
    await("lanes of threads that have ended are taken away")
        .until(
            () -> {
              lanes.drain(received);
              return lanes.count() == 0;
            });
  }

  @Test
  void countsExactlyWhatASmallBudgetDrops() throws Exception {
    int chunks = 6;
    MemoryBudget budget = new MemoryBudget((long) chunks * Chunk.BYTES);
    Lanes lanes = new Lanes(new ChunkPool(budget));
    Received received = new Received();

    List<Ledger> ledgers = recordAndDrain(lanes, received, 300_000);

    assertMatch(ledgers, received, lanes);
    assertThat(lanes.dropped()).isPositive();
    assertThat(budget.used()).isBetween(0L, (long) chunks * Chunk.BYTES);
  }

  private static void assertMatch(List<Ledger> ledgers, Received received, Lanes lanes) {
    long kept = 0;
    long dropped = 0;
    for (int thread = 0; thread < THREADS; thread++) {
      assertThat(received.byThread.get(thread)).isEqualTo(ledgers.get(thread).kept);
      kept += ledgers.get(thread).kept.cardinality();
      dropped += ledgers.get(thread).dropped;
    }
    assertThat(received.twice).as("samples handed over twice").isZero();
    assertThat(received.torn).as("fields of other samples").isZero();
    assertThat(received.outOfOrder).as("samples before an earlier one").isZero();
    assertThat(lanes.written()).isEqualTo(kept);
    assertThat(lanes.dropped()).isEqualTo(dropped);
  }

  @Test
  void dropsUntilTheFlusherMakesRoomAgain() {
    int chunks = 2;
    Lanes lanes = new Lanes(new ChunkPool(new MemoryBudget((long) chunks * Chunk.BYTES)));
    Received received = new Received();
    Lane lane = lanes.add();
    for (int i = 0; i < chunks * Chunk.SAMPLES; i++) {
      assertThat(record(lane, 0, i)).isTrue();
    }

    assertThat(record(lane, 0, 1_000)).isFalse();
    lanes.drain(received);
    assertThat(record(lane, 0, 1_001)).isTrue();

    lanes.drain(received);
    assertThat(received.byThread.get(0).cardinality()).isEqualTo(chunks * Chunk.SAMPLES + 1);
    assertThat(lanes.dropped()).isEqualTo(1);
  }

  @Test
  void recyclesChunksInsteadOfMakingNewOnes() {
    MemoryBudget budget = new MemoryBudget(64 << 20);
    Lanes lanes = new Lanes(new ChunkPool(budget));
    Received received = new Received();
    Lane lane = lanes.add();
    for (int i = 0; i < 1_000 * Chunk.SAMPLES; i++) {
      record(lane, 0, i);
      if (i % 50 == 0) {
        lanes.drain(received);
      }
    }

    assertThat(budget.used()).isLessThanOrEqualTo(3L * Chunk.BYTES);
  }

  @Test
  void allocatesNothingOnceChunksGoRound() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Lanes lanes = new Lanes(new ChunkPool(new MemoryBudget(64 << 20)));
    Received received = new Received();
    Lane lane = lanes.add();
    long allocated = 0;
    int number = 0;
    for (int burst = 0; burst < 2_000; burst++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10 * Chunk.SAMPLES; i++) {
        record(lane, 0, number++);
      }
      long after = threads.getCurrentThreadAllocatedBytes();
      // The first bursts fill the pool and are run by the interpreter.
      allocated += burst < 1_000 ? 0 : after - before;
      lanes.drain(received);
    }

    assertThat(allocated).isZero();
  }
}
