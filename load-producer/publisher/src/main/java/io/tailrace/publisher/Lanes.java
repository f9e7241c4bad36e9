package io.tailrace.publisher;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The lanes of all recording threads; those of threads that have died are emptied and let go. */
final class Lanes {

  private final ChunkPool pool;
  private final Queue<LaneReader> readers = new ConcurrentLinkedQueue<>();
  private long retiredWritten;
  private long retiredDropped;

  Lanes(ChunkPool pool) {
    this.pool = pool;
  }

  /** A lane for the calling thread, which alone may record into it. */
  Lane add() {
    LaneReader reader = new LaneReader(pool, Thread.currentThread());
    readers.add(reader);
    return reader.lane();
  }

  /** Only for the flusher, like everything that reads samples. */
  long pending() {
    long pending = 0;
    for (LaneReader reader : readers) {
      pending += reader.pending();
    }
    return pending;
  }

  void drain(LaneReader.Rows rows) {
    for (Iterator<LaneReader> all = readers.iterator(); all.hasNext(); ) {
      LaneReader reader = all.next();
      // Asked before draining: what a dead thread wrote is then all there.
      boolean orphan = reader.isOrphan();
      reader.drain(rows);
      if (orphan) {
        retire(reader);
        all.remove();
      }
    }
  }

  private synchronized void retire(LaneReader reader) {
    retiredWritten += reader.lane().written();
    retiredDropped += reader.lane().dropped();
    reader.retire();
  }

  /** Samples kept so far, by all threads there ever were. */
  synchronized long written() {
    long written = retiredWritten;
    for (LaneReader reader : readers) {
      written += reader.isRetired() ? 0 : reader.lane().written();
    }
    return written;
  }

  /** Samples dropped so far. */
  synchronized long dropped() {
    long dropped = retiredDropped;
    for (LaneReader reader : readers) {
      dropped += reader.isRetired() ? 0 : reader.lane().dropped();
    }
    return dropped;
  }

  int count() {
    return readers.size();
  }
}
