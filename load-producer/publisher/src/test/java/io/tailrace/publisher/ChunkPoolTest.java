package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChunkPoolTest {

  @Test
  void neverGivesAChunkToTwoThreadsAndStaysWithinItsBudget() throws Exception {
    int chunks = 64;
    MemoryBudget budget = new MemoryBudget((long) chunks * Chunk.BYTES);
    ChunkPool pool = new ChunkPool(budget);
    Set<Chunk> taken = ConcurrentHashMap.newKeySet();
    BlockingQueue<Chunk> used = new LinkedBlockingQueue<>();
    AtomicLong faults = new AtomicLong();
    AtomicLong takes = new AtomicLong();
    List<Thread> takers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread taker =
          new Thread(
              () -> {
                for (int round = 0; round < 200_000; round++) {
                  Chunk chunk = pool.take();
                  if (chunk != null) {
                    takes.incrementAndGet();
                    faults.addAndGet(taken.add(chunk) ? 0 : 1);
                    faults.addAndGet(taken.size() <= chunks ? 0 : 1);
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
        pool.give(chunk);
      }
    }

    assertThat(faults).hasValue(0);
    assertThat(takes.get()).isGreaterThan(chunks);
    assertThat(budget.used()).isBetween(0L, budget.limit());
  }
}
