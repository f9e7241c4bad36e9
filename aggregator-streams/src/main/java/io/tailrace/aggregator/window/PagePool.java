package io.tailrace.aggregator.window;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pages of counts that are used again, and the workbench on which counts are put in order.
 *
 * <p>Belongs to one thread, like all {@link ValueCounts} made with it.
 */
public final class PagePool {
  private final List<int[]> free = new ArrayList<>();
  private final int capacity;
  private final OrderedCounts ordered = new OrderedCounts();
  private final HistogramBytes histogramBytes = new HistogramBytes();

  /** A pool that keeps at most this many pages of 4 KiB for later. */
  public PagePool(int capacity) {
    this.capacity = capacity;
  }

  /** Bytes of the pages that wait to be used again. */
  public long retainedBytes() {
    return (long) free.size() * ValueCounts.arrayBytes(Buckets.PAGE_SIZE);
  }

  /** A page of zeros. */
  int[] takeZeroed() {
    int[] page = take();
    Arrays.fill(page, 0);
    return page;
  }

  /** A page with anything in it. */
  int[] take() {
    return free.isEmpty() ? new int[Buckets.PAGE_SIZE] : free.remove(free.size() - 1);
  }

  void giveBack(int[] page) {
    if (free.size() < capacity) {
      free.add(page);
    }
  }

  OrderedCounts ordered() {
    return ordered;
  }

  HistogramBytes histogramBytes() {
    return histogramBytes;
  }
}
