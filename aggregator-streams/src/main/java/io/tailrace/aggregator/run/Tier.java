package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.aggregator.window.PagePool;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All windows of one width of one run, by their start. */
final class Tier {
  /** A moment before every window. */
  static final long NEVER = Long.MIN_VALUE;

  final int number;
  final long widthMicros;
  final TreeMap<Long, LiveWindow> open = new TreeMap<>();
  // What came for windows that had closed, until the windows close again.
  final TreeMap<Long, LiveWindow> late = new TreeMap<>();
  // The weights of the closed windows whose state is kept.
  final TreeMap<Long, Long> kept = new TreeMap<>();

  /** All windows that end by then have closed. */
  long closedToMicros = NEVER;

  /** Windows that start before this can not be re-opened any more. */
  long reopenFromMicros = NEVER;

  private final PagePool pool;

  Tier(int number, long widthMicros, PagePool pool) {
    this.number = number;
    this.widthMicros = widthMicros;
    this.pool = pool;
  }

  long startOf(long micros) {
    return Math.floorDiv(micros, widthMicros) * widthMicros;
  }

  /** The window in which a moment lies: an open one, or the late part of a closed one. */
  LiveWindow at(long micros) {
    long start = startOf(micros);
    boolean isLate = start < closedToMicros;
    TreeMap<Long, LiveWindow> windows = isLate ? late : open;
    LiveWindow window = windows.get(start);
    if (window == null) {
      window = create(start, isLate);
      windows.put(start, window);
    }
    return window;
  }

  LiveWindow create(long startMicros, boolean isLate) {
    return new LiveWindow(pool, startMicros, widthMicros, isLate);
  }

  /** Takes the first open window if it ends by then; null when there is none. */
  @Nullable LiveWindow takeOpenEndingBy(long micros) {
    if (open.isEmpty() || open.firstKey() + widthMicros > micros) {
      return null;
    }
    return open.pollFirstEntry().getValue();
  }
}
