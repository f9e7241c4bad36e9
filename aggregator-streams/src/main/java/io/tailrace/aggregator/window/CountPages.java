package io.tailrace.aggregator.window;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Counts by bucket, in pages that exist where something was counted.
 *
 * <p>A page holds a byte for each bucket, since few buckets of a second's window ever count to 256:
 * a quarter of what ints would take, in the heap and in the processor's cache. What a byte carries
 * over goes to a second page of longs.
 */
final class CountPages {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final byte[] NONE = {};
  private static final long[] NO_CARRIES = {};
  private static final long[][] NEVER_CARRIED = {};
  private static final int BYTE = 0xFF;
  private static final long HIGHEST = 0x8080808080808080L;

  private final PagePool pool;
  private final byte[][] low = new byte[Buckets.PAGES][];
  private long[][] carried = NEVER_CARRIED;

  CountPages(PagePool pool) {
    this.pool = pool;
    Arrays.fill(low, NONE);
  }

  void add(int index) {
    byte[] page = low[index >>> Buckets.PAGE_BITS];
    if (page == NONE) {
      page = newPage(index >>> Buckets.PAGE_BITS);
    }
    if (++page[index & Buckets.PAGE_MASK] == 0) {
      carry(index, 1);
    }
  }

  void add(int index, long more) {
    int number = index >>> Buckets.PAGE_BITS;
    byte[] page = low[number] == NONE ? newPage(number) : low[number];
    int at = index & Buckets.PAGE_MASK;
    long total = (page[at] & BYTE) + (more & BYTE);
    page[at] = (byte) total;
    long over = (total >>> Byte.SIZE) + (more >>> Byte.SIZE);
    if (over != 0) {
      carry(index, over);
    }
  }

  void addAll(CountPages other) {
    for (int number = 0; number < Buckets.PAGES; number++) {
      byte[] theirs = other.low[number];
      if (theirs == NONE) {
        continue;
      }
      if (low[number] == NONE) {
        low[number] = pool.takePage();
        System.arraycopy(theirs, 0, low[number], 0, Buckets.PAGE_SIZE);
      } else {
        addPage(number, theirs);
      }
    }
    for (int number = 0; number < other.carried.length; number++) {
      long[] theirs = other.carried[number];
      for (int i = 0; i < theirs.length; i++) {
        if (theirs[i] != 0) {
          carry((number << Buckets.PAGE_BITS) + i, theirs[i]);
        }
      }
    }
  }

  private void addPage(int number, byte[] theirs) {
    byte[] ours = low[number];
    for (int eight = 0; eight < Buckets.PAGE_SIZE; eight += Long.BYTES) {
      // Most buckets of most pages are empty.
      long more = (long) EIGHT.get(theirs, eight);
      if (more == 0) {
        continue;
      }
      // Eight sums at once; the highest bits apart, so that nothing runs into the next one.
      long before = (long) EIGHT.get(ours, eight);
      long sums = ((before & ~HIGHEST) + (more & ~HIGHEST)) ^ ((before ^ more) & HIGHEST);
      if ((((before & more) | ((before | more) & ~sums)) & HIGHEST) == 0) {
        EIGHT.set(ours, eight, sums);
        continue;
      }
      for (int i = eight; i < eight + Long.BYTES; i++) {
        int total = (ours[i] & BYTE) + (theirs[i] & BYTE);
        ours[i] = (byte) total;
        if (total > BYTE) {
          carry((number << Buckets.PAGE_BITS) + i, 1);
        }
      }
    }
  }

  private byte[] newPage(int number) {
    byte[] page = pool.takePage();
    Arrays.fill(page, (byte) 0);
    low[number] = page;
    return page;
  }

  private void carry(int index, long more) {
    if (carried == NEVER_CARRIED) {
      carried = new long[Buckets.PAGES][];
      Arrays.fill(carried, NO_CARRIES);
    }
    int number = index >>> Buckets.PAGE_BITS;
    if (carried[number] == NO_CARRIES) {
      carried[number] = new long[Buckets.PAGE_SIZE];
      if (low[number] == NONE) {
        newPage(number);
      }
    }
    carried[number][index & Buckets.PAGE_MASK] += more;
  }

  /** Adds all that were counted, in ascending order. */
  void addTo(OrderedCounts ordered) {
    for (int number = 0; number < Buckets.PAGES; number++) {
      byte[] page = low[number];
      if (page == NONE) {
        continue;
      }
      int first = number << Buckets.PAGE_BITS;
      long[] above = carried == NEVER_CARRIED ? NO_CARRIES : carried[number];
      if (above == NO_CARRIES) {
        ordered.addBytes(first, page);
      } else {
        for (int i = 0; i < Buckets.PAGE_SIZE; i++) {
          long total = (above[i] << Byte.SIZE) + (page[i] & BYTE);
          if (total != 0) {
            ordered.add(first + i, total);
          }
        }
      }
    }
  }

  /** Gives the pages back; it is not to be used again. */
  void recycle() {
    for (byte[] page : low) {
      if (page != NONE) {
        pool.giveBack(page);
      }
    }
  }

  long retainedBytes() {
    long bytes = ValueCounts.arrayBytes(2 * low.length);
    for (byte[] page : low) {
      bytes += page == NONE ? 0 : PagePool.PAGE_BYTES;
    }
    for (long[] page : carried) {
      bytes += ValueCounts.arrayBytes(2 * page.length);
    }
    return bytes;
  }
}
