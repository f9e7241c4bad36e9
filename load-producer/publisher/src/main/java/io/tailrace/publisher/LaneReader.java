package io.tailrace.publisher;

import java.lang.ref.WeakReference;

/**
 * The flusher's end of one lane; apart from it, so that reading disturbs no writer's cache line.
 */
final class LaneReader {

  /** Takes rows of eight longs: {@code count} of them from {@code from} on. */
  interface Rows {
    void accept(long[] values, int from, int count);
  }

  private final Lane lane;
  private final ChunkPool pool;
  private final WeakReference<Thread> owner;
  private Chunk chunk;
  private long consumed;
  private boolean retired;

  LaneReader(ChunkPool pool, Thread owner) {
    this.pool = pool;
    this.owner = new WeakReference<>(owner);
    this.chunk = Chunk.none();
    this.lane = new Lane(pool, chunk);
  }

  Lane lane() {
    return lane;
  }

  long pending() {
    return lane.written() - consumed;
  }

  /** True when nothing will ever be written again; what was written is then visible. */
  boolean isOrphan() {
    Thread thread = owner.get();
    return thread == null || !thread.isAlive();
  }

  /** Hands over what is written by now, and nothing that comes meanwhile. */
  void drain(Rows rows) {
    long limit = lane.written();
    while (consumed < limit) {
      int offset = (int) (consumed % Chunk.SAMPLES);
      if (offset == 0) {
        advance();
      }
      int count = (int) Math.min(limit - consumed, Chunk.SAMPLES - offset);
      consumed += count;
      rows.accept(chunk.values, offset * Chunk.FIELDS, count);
    }
  }

  /** Returns the last chunk; only once nothing will be written any more. */
  void retire() {
    retired = true;
    release();
  }

  boolean isRetired() {
    return retired;
  }

  private void release() {
    if (!chunk.isNone()) {
      pool.give(chunk);
      chunk = Chunk.none();
    }
  }

  private void advance() {
    Chunk next = chunk.next;
    if (next == null) {
      throw new IllegalStateException("a lane counts " + consumed + " samples but has no chunk");
    }
    // Only now: until the link was there, the recording thread could still write to it.
    release();
    chunk = next;
  }
}
