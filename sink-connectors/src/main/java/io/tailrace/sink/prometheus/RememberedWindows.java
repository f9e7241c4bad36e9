package io.tailrace.sink.prometheus;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was counted of the latest windows, by their start. In arrays, since they come in order: each
 * window adds one at the end and takes one from the beginning, and a tree would be built anew for
 * each.
 */
final class RememberedWindows {
  private static final int FEWEST = 16;

  private long[] starts = new long[FEWEST];
  private int[] sizes = new int[FEWEST];
  private @Nullable Contents[] contents = new Contents[FEWEST];
  private int first;
  private int end;
  private long bytes;

  /** What was counted of the window; null when there is nothing of it. */
  @Nullable Contents get(long start) {
    int at = find(start);
    return at < end && starts[at] == start ? contents[at] : null;
  }

  /** Remembers a window instead of an earlier revision of it. */
  void put(long start, Contents now) {
    int at = find(start);
    if (at == end || starts[at] != start) {
      at = insert(at);
      starts[at] = start;
      sizes[at] = 0;
    }
    int size = (int) now.retainedBytes();
    bytes += size - sizes[at];
    sizes[at] = size;
    contents[at] = now;
  }

  /** Forgets what began before that, and of the rest the oldest while they are too large. */
  void forget(long before, long mostBytes) {
    while (first < end && (starts[first] < before || bytes > mostBytes)) {
      bytes -= sizes[first];
      contents[first++] = null;
    }
  }

  /** Where the window is, or would be; most often at the end. */
  private int find(long start) {
    if (first == end || starts[end - 1] < start) {
      return end;
    }
    int at = Arrays.binarySearch(starts, first, end, start);
    return at < 0 ? -at - 1 : at;
  }

  private int insert(int at) {
    int to = at;
    if (end == starts.length) {
      to = at - first;
      makeRoom();
    }
    System.arraycopy(starts, to, starts, to + 1, end - to);
    System.arraycopy(sizes, to, sizes, to + 1, end - to);
    System.arraycopy(contents, to, contents, to + 1, end - to);
    end++;
    return to;
  }

  private void makeRoom() {
    int count = end - first;
    int length = count > starts.length / 2 ? 2 * starts.length : starts.length;
    starts = moved(starts, new long[length], count);
    sizes = moved(sizes, new int[length], count);
    contents = moved(contents, new Contents[length], count);
    first = 0;
    end = count;
  }

  private <T> T moved(T from, T into, int count) {
    System.arraycopy(from, first, into, 0, count);
    return into;
  }
}
