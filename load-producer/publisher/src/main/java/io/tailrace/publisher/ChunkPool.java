package io.tailrace.publisher;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Chunks to record into, recycled within a memory budget; any thread takes, only the flusher gives
 * back, and neither ever waits.
 */
final class ChunkPool {

  private final MemoryBudget budget;
  private final AtomicReferenceArray<@Nullable Chunk> slots;
  private final int mask;

  /** Never more than the filled slots: whoever gets one of these has a chunk waiting. */
  private final AtomicInteger permits = new AtomicInteger();

  private final AtomicInteger head = new AtomicInteger();
  private int tail;

  ChunkPool(MemoryBudget budget) {
    this.budget = budget;
    // At most a quarter of the budget lies idle here; what is beyond goes to the collector.
    long idle = Math.max(1, budget.limit() / 4 / Chunk.BYTES);
    int size = Integer.highestOneBit((int) Math.min(idle, 1 << 16));
    this.slots = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
  }

  /** A chunk, or null when the budget is spent. */
  @Nullable Chunk take() {
    if (permits.get() > 0) {
      if (permits.getAndDecrement() > 0) {
        return slots.getAndSet(head.getAndIncrement() & mask, null);
      }
      permits.getAndIncrement();
    }
    return budget.tryTake(Chunk.BYTES) ? new Chunk() : null;
  }

  /** Only for the flusher. */
  void give(Chunk chunk) {
    chunk.next = null;
    int slot = tail & mask;
    // A slot still filled is one whose taker has its permit but not yet the chunk: do not overtake.
    if (budget.isSpent() || slots.get(slot) != null) {
      budget.give(Chunk.BYTES);
      return;
    }
    slots.set(slot, chunk);
    tail++;
    permits.getAndIncrement();
  }
}
