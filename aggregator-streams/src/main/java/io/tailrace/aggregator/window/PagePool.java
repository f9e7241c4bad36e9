package io.tailrace.aggregator.window;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages of counts and lists of values that are used again, and the workbench on which counts are
 * put in order.
 *
 * <p>Belongs to one thread, like all {@link ValueCounts} made with it.
 */
public final class PagePool {
  /** What a page takes of the heap. */
  static final int PAGE_BYTES = 16 + Buckets.PAGE_SIZE;

  /** How many entries of a log are taken at once: well below what a collector calls humongous. */
  static final int CHUNK_ENTRIES = 4 * 1024;

  // Three windows full, which is 3 MB, however many are open.
  static final int MOST_CHUNKS = 96;

  private final int capacity;
  private final List<byte[]> pages = new ArrayList<>();
  private final List<int[]> lists = new ArrayList<>();
  private final List<long[]> chunks = new ArrayList<>();
  private final List<OrderedCounts> ordered = new ArrayList<>();
  private final SampleGroups groups = new SampleGroups();
  private final Workbench workbench = new Workbench();
  private int chunksTaken;

  /** A pool that keeps at most this many pages, and as many lists, for later. */
  public PagePool(int capacity) {
    this.capacity = capacity;
  }

  /** Bytes of the pages and lists that wait to be used again. */
  public long retainedBytes() {
    return (long) pages.size() * PAGE_BYTES
        + lists.size() * ValueCounts.arrayBytes(ValueCounts.RAW_LIMIT)
        + chunks.size() * ValueCounts.arrayBytes(2 * CHUNK_ENTRIES);
  }

  /** A page with anything in it. */
  byte[] takePage() {
    return pages.isEmpty() ? new byte[Buckets.PAGE_SIZE] : pages.remove(pages.size() - 1);
  }

  void giveBack(byte[] page) {
    if (pages.size() < capacity) {
      pages.add(page);
    }
  }

  /** A list of the greatest length, with anything in it. */
  int[] takeList() {
    return lists.isEmpty() ? new int[ValueCounts.RAW_LIMIT] : lists.remove(lists.size() - 1);
  }

  void giveBack(int[] list) {
    if (lists.size() < capacity) {
      lists.add(list);
    }
  }

  /** Entries for a log with anything in them; null when all logs together have enough. */
  long @Nullable [] takeChunk() {
    if (chunksTaken >= MOST_CHUNKS) {
      return null;
    }
    chunksTaken++;
    return chunks.isEmpty() ? new long[CHUNK_ENTRIES] : chunks.remove(chunks.size() - 1);
  }

  void giveBack(long[] chunk) {
    chunksTaken--;
    chunks.add(chunk);
  }

  SampleGroups groups() {
    return groups;
  }

  /** Ordered counts with anything in them. */
  OrderedCounts takeOrdered() {
    return ordered.isEmpty() ? new OrderedCounts(workbench) : ordered.remove(ordered.size() - 1);
  }

  void giveBack(OrderedCounts one) {
    ordered.add(one);
  }

  Workbench workbench() {
    return workbench;
  }
}
