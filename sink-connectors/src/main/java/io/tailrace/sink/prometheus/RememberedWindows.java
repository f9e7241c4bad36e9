package io.tailrace.sink.prometheus;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was counted of the latest windows, by their start. As bytes in one array that is used again
 * and again: objects that live for a minute are what collecting garbage costs most for.
 */
final class RememberedWindows {
  private static final int FEWEST = 16;

  private long[] starts = new long[FEWEST];
  private int[] offsets = new int[FEWEST];
  private int[] sizes = new int[FEWEST];
  private int first;
  private int end;
  private byte[] data = {};
  private int used;
  private int live;

  /** What was counted of the window; null when there is nothing of it. */
  @Nullable Contents get(long start) {
    int at = find(start);
    return at < end && starts[at] == start
        ? ContentsBytes.read(ByteBuffer.wrap(data, offsets[at], sizes[at]))
        : null;
  }

  /** Remembers what was counted of a window, instead of what was counted of it before. */
  void put(long start, ByteBuffer contents) {
    int at = find(start);
    if (at == end || starts[at] != start) {
      at = insert(at, start);
    } else {
      live -= sizes[at];
      sizes[at] = 0;
    }
    int size = contents.remaining();
    makeRoom(size);
    contents.get(data, used, size);
    offsets[at] = used;
    sizes[at] = size;
    used += size;
    live += size;
  }

  /** Forgets what began before that, and of the rest the oldest while they are too large. */
  void forget(long before, int mostBytes) {
    while (first < end && (starts[first] < before || live > mostBytes)) {
      live -= sizes[first];
      first++;
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

  private int insert(int where, long start) {
    int at = where;
    if (end == starts.length) {
      at -= first;
      shift();
    }
    System.arraycopy(starts, at, starts, at + 1, end - at);
    System.arraycopy(offsets, at, offsets, at + 1, end - at);
    System.arraycopy(sizes, at, sizes, at + 1, end - at);
    end++;
    starts[at] = start;
    // Where its bytes will go, so that what comes last lies last.
    offsets[at] = used;
    sizes[at] = 0;
    return at;
  }

  private void shift() {
    int count = end - first;
    int length = count > starts.length / 2 ? 2 * starts.length : starts.length;
    starts = Arrays.copyOf(Arrays.copyOfRange(starts, first, end), length);
    offsets = Arrays.copyOf(Arrays.copyOfRange(offsets, first, end), length);
    sizes = Arrays.copyOf(Arrays.copyOfRange(sizes, first, end), length);
    first = 0;
    end = count;
  }

  /**
   * Drops what is forgotten, within the array where possible: a new one is garbage that has lived
   * too long to be cheap.
   */
  private void makeRoom(int size) {
    if (size <= data.length - used) {
      return;
    }
    int needed = live + size;
    byte[] into = data;
    if (needed > data.length - data.length / 8) {
      into = new byte[needed + needed / 4];
    } else if (!isInOrder()) {
      into = new byte[data.length];
    }
    int to = 0;
    for (int i = first; i < end; i++) {
      System.arraycopy(data, offsets[i], into, to, sizes[i]);
      offsets[i] = to;
      to += sizes[i];
    }
    data = into;
    used = to;
  }

  /** Whether moving one after the other overwrites none; a correction may lie behind its place. */
  private boolean isInOrder() {
    for (int i = first + 1; i < end; i++) {
      if (offsets[i] < offsets[i - 1]) {
        return false;
      }
    }
    return true;
  }
}
