package io.tailrace.publisher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The samples of one recording thread on their way to the flusher. Only that thread writes; the
 * flusher reads through a {@link LaneReader}.
 */
final class Lane extends LanePadding {

  private static final VarHandle WRITTEN;
  private static final VarHandle DROPPED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WRITTEN = lookup.findVarHandle(Lane.class, "written", long.class);
      DROPPED = lookup.findVarHandle(Lane.class, "dropped", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ChunkPool pool;
  private Chunk tail;
  private int position;
  private long written;
  private long dropped;

  Lane(ChunkPool pool, Chunk none) {
    this.pool = pool;
    this.tail = none;
    this.position = Chunk.LENGTH;
  }

  /** Keeps a sample, or counts it as dropped and returns false. */
  boolean record(
      int outcome,
      long endMicros,
      long latencyMicros,
      long delayMicros,
      long firstByteMicros,
      long connectMicros,
      long bytesSent,
      long bytesReceived) {
    int at = position;
    if (at == Chunk.LENGTH) {
      if (!extend()) {
        drop();
        return false;
      }
      at = 0;
    }
    long[] values = tail.values;
    values[at + Chunk.OUTCOME] = outcome;
    values[at + Chunk.END] = endMicros;
    values[at + Chunk.LATENCY] = latencyMicros;
    values[at + Chunk.DELAY] = delayMicros;
    values[at + Chunk.FIRST_BYTE] = firstByteMicros;
    values[at + Chunk.CONNECT] = connectMicros;
    values[at + Chunk.SENT] = bytesSent;
    values[at + Chunk.RECEIVED] = bytesReceived;
    position = at + Chunk.FIELDS;
    // Everything above, the link to a new chunk included, is visible to whoever sees this count.
    WRITTEN.setRelease(this, written + 1);
    return true;
  }

  void drop() {
    DROPPED.setRelease(this, dropped + 1);
  }

  private boolean extend() {
    Chunk fresh = pool.take();
    if (fresh == null) {
      return false;
    }
    tail.next = fresh;
    tail = fresh;
    return true;
  }

  /** Samples kept so far. */
  long written() {
    return (long) WRITTEN.getAcquire(this);
  }

  /** Samples dropped so far. */
  long dropped() {
    return (long) DROPPED.getAcquire(this);
  }
}
