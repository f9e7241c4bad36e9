package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChunkPoolTest {

  @Test
  void neverGivesAChunkToTwoThreadsAndStaysWithinItsBudget() throws Exception {
    int chunks = 64;
    int each = 20_000;
    MemoryBudget budget = new MemoryBudget((long) chunks * Chunk.BYTES);
    ChunkPool pool = new ChunkPool(budget);
    Set<Chunk> taken = ConcurrentHashMap.newKeySet();
    // The set's own size is no snapshot: what moves from one of its counters to another counts
    // twice.
    AtomicInteger held = new AtomicInteger();
    BlockingQueue<Chunk> used = new LinkedBlockingQueue<>();
    AtomicLong faults = new AtomicLong();
    List<Thread> takers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread taker =
          new Thread(
              () -> {
                // So many chunks, not so many tries: those can be over before any was given back.
                for (int got = 0; got < each; ) {
                  Chunk chunk = pool.take();
                  if (chunk == null) {
                    LockSupport.parkNanos(1_000);
                  } else {
                    got++;
                    faults.addAndGet(taken.add(chunk) ? 0 : 1);
                    faults.addAndGet(held.incrementAndGet() <= chunks ? 0 : 1);
                    used.add(chunk);
                  }
                }
              });
      takers.add(taker);
      taker.start();
    }
    while (takers.stream().anyMatch(Thread::isAlive)) {
      for (Chunk chunk = used.poll(); chunk != null; chunk = used.poll()) {
        taken.remove(chunk);
        held.decrementAndGet();
        pool.give(chunk);
      }
    }

    assertThat(faults).hasValue(0);
    assertThat(budget.used()).isBetween(0L, budget.limit());
  }

  /** Two threads want the one chunk that lies in the pool: the other one gets a new one. */
  @Test
  void neverComesBackWithNothingWhileThereIsRoom() throws Exception {
    int rounds = 40_000;
    MemoryBudget budget = new MemoryBudget(64L * Chunk.BYTES);
    ChunkPool pool = new ChunkPool(budget);
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    AtomicLong nothing = new AtomicLong();
    Thread other =
        new Thread(
            () -> {
              for (int round = 1; round <= rounds; round++) {
                await(begun, round);
                nothing.addAndGet(pool.take() == null ? 1 : 0);
                ended.set(round);
              }
            });
    other.start();
    assertThat(budget.tryTake(Chunk.BYTES)).isTrue();
    Chunk own = new Chunk();
    for (int round = 1; round <= rounds; round++) {
      pool.give(own);
      begun.set(round);
      // Sooner and later in turns, so that both meet wherever they can.
      for (int wait = round % 128; wait > 0; wait--) {
        Thread.onSpinWait();
      }
      Chunk taken = pool.take();
      nothing.addAndGet(taken == null ? 1 : 0);
      await(ended, round);
      // What the other one took is forgotten, and its room with it.
      budget.give(Chunk.BYTES);
      own = taken == null ? new Chunk() : taken;
    }
    other.join();

    assertThat(nothing).hasValue(0);
    assertThat(budget.used()).isEqualTo(Chunk.BYTES);
  }

  private static void await(AtomicInteger counter, int value) {
    for (int spins = 0; counter.get() < value; spins++) {
      if (spins > 1_000) {
        LockSupport.parkNanos(1_000);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
