package io.tailrace.aggregator.window;

import java.util.Arrays;

/**
 * The latest samples of a window in the order in which they came, until there are many of each
 * series: a cell lies in ten places of memory, and to go to another cell for every sample is to
 * wait for memory and for little else.
 *
 * <p>A place is one status of one series. What its samples come to beside their times is added up
 * here, in one line of the processor's cache.
 */
final class SampleLog {
  // Enough for a few dozen samples of each of 2,000 series.
  static final int MOST_ENTRIES = 128 * 1024;

  private static final int NOWHERE = -1;
  private static final int FEW = 64;
  private static final int MOST_CHUNKS = MOST_ENTRIES / PagePool.CHUNK_ENTRIES;

  // What a time is of, in the lowest bits of an entry's upper half; the place is above them.
  private static final int KIND_BITS = 2;
  private static final int PROMPT = 0;
  private static final int RESPONSE = 1;
  private static final int SERVICE = 2;

  private final LiveWindow window;
  private final PagePool pool;

  // Each entry is a kind of time of a place, and the time below it as an unsigned int. The first
  // chunk is short at first, for windows in which little happens.
  private final long[][] chunks = new long[MOST_CHUNKS][];
  private long[] chunk = new long[FEW];
  private int chunkCount = 1;
  private int chunkSize;

  private int[] firstPlaces = {};
  private int[] nextPlaces = new int[FEW];
  private int[] statusCodes = new int[FEW];
  private SeriesCell[] cells = new SeriesCell[FEW];
  private StatusCell[] statuses = new StatusCell[FEW];
  private long[] sums = new long[FEW * SeriesCell.SUMS];
  private int placeCount;

  SampleLog(LiveWindow window, PagePool pool) {
    this.window = window;
    this.pool = pool;
    chunks[0] = chunk;
  }

  /** Whether all that was logged is in the cells. */
  boolean isSettled() {
    return chunkCount == 1 && chunkSize == 0;
  }

  /** The place of a status of a series, which is given a cell. */
  int place(int series, int status) {
    if (series >= firstPlaces.length) {
      int before = firstPlaces.length;
      firstPlaces = Arrays.copyOf(firstPlaces, Math.max(series + 1, before * 2));
      Arrays.fill(firstPlaces, before, firstPlaces.length, NOWHERE);
    }
    int place = placeIn(firstPlaces[series], status);
    return place == NOWHERE ? newPlace(series, status) : place;
  }

  private int placeIn(int first, int status) {
    int place = first;
    while (place != NOWHERE && statusCodes[place] != status) {
      place = nextPlaces[place];
    }
    return place;
  }

  private int newPlace(int series, int status) {
    SeriesCell cell = window.unsettledCell(series);
    StatusCell statusCell = cell.status(status);
    // The cell may have put it with the others that are too many.
    int known = placeIn(firstPlaces[series], statusCell.status);
    if (known != NOWHERE) {
      return known;
    }
    if (placeCount == cells.length) {
      nextPlaces = Arrays.copyOf(nextPlaces, placeCount * 2);
      statusCodes = Arrays.copyOf(statusCodes, placeCount * 2);
      cells = Arrays.copyOf(cells, placeCount * 2);
      statuses = Arrays.copyOf(statuses, placeCount * 2);
      sums = Arrays.copyOf(sums, placeCount * 2 * SeriesCell.SUMS);
    }
    int place = placeCount++;
    nextPlaces[place] = NOWHERE;
    chain(series, place);
    statusCodes[place] = statusCell.status;
    cells[place] = cell;
    statuses[place] = statusCell;
    return place;
  }

  /** Puts a place behind the others of its series: the first status is usually the most common. */
  private void chain(int series, int place) {
    int last = firstPlaces[series];
    if (last == NOWHERE) {
      firstPlaces[series] = place;
      return;
    }
    while (nextPlaces[last] != NOWHERE) {
      last = nextPlaces[last];
    }
    nextPlaces[last] = place;
  }

  /** Logs a request that was sent when it was due, its time being within the bounds. */
  void add(int place, long latency) {
    append(place << KIND_BITS | PROMPT, latency);
  }

  /** Logs a request that was sent late, or that has a time beyond the bounds. */
  void addBounded(int place, long latency, long delay) {
    long service = bound(latency, ValueCounts.LOWEST_MICROS);
    long lateness = bound(delay, 0);
    long response = Math.min(service + lateness, ValueCounts.HIGHEST_MICROS);
    int row = place * SeriesCell.SUMS;
    if (service != latency || lateness != delay || response != service + lateness) {
      sums[row + SeriesCell.CLAMPED]++;
    }
    if (lateness == 0) {
      append(place << KIND_BITS | PROMPT, service);
    } else {
      sums[row + SeriesCell.LATENESS] += lateness;
      sums[row + SeriesCell.MOST_LATE] = Math.max(sums[row + SeriesCell.MOST_LATE], lateness);
      append(place << KIND_BITS | RESPONSE, response);
      append(place << KIND_BITS | SERVICE, service);
    }
  }

  private static long bound(long value, long lowest) {
    return Math.max(lowest, Math.min(ValueCounts.HIGHEST_MICROS, value));
  }

  /** Adds what the samples of one outcome of a batch came to beside their times. */
  void addSums(
      int place,
      int outcome,
      ColumnSums firstBytes,
      ColumnSums connects,
      ColumnSums sent,
      ColumnSums received) {
    int row = place * SeriesCell.SUMS;
    firstBytes.addTo(sums, row, outcome);
    connects.addTo(sums, row + 2, outcome);
    sent.addTo(sums, row + 4, outcome);
    received.addTo(sums, row + 6, outcome);
  }

  /** Counts requests that failed among those that were logged for a place. */
  void countErrors(int place, int kind, int failed) {
    cells[place].countErrors(statuses[place], kind, failed);
  }

  private void append(int key, long micros) {
    if (chunkSize == chunk.length) {
      makeRoom();
    }
    chunk[chunkSize++] = (long) key << Integer.SIZE | micros;
  }

  private void makeRoom() {
    if (chunk.length < PagePool.CHUNK_ENTRIES) {
      chunk = Arrays.copyOf(chunk, Math.min(chunk.length * 8, PagePool.CHUNK_ENTRIES));
      chunks[0] = chunk;
      return;
    }
    long[] next = chunkCount < MOST_CHUNKS ? pool.takeChunk() : null;
    if (next == null) {
      settle();
    } else {
      chunks[chunkCount++] = next;
      chunk = next;
      chunkSize = 0;
    }
  }

  /** Hands all that was logged over to the cells. */
  void settle() {
    if (isSettled()) {
      return;
    }
    SampleGroups groups = pool.groups();
    groups.begin(placeCount << KIND_BITS);
    for (int i = 0; i < chunkCount; i++) {
      groups.count(chunks[i], sizeOf(i));
    }
    groups.lay((chunkCount - 1) * PagePool.CHUNK_ENTRIES + chunkSize);
    for (int i = 0; i < chunkCount; i++) {
      groups.place(chunks[i], sizeOf(i));
    }
    for (int place = 0; place < placeCount; place++) {
      hand(place, groups);
    }
    giveChunksBack();
  }

  private int sizeOf(int chunk) {
    return chunk == chunkCount - 1 ? chunkSize : PagePool.CHUNK_ENTRIES;
  }

  private void hand(int place, SampleGroups groups) {
    int key = place << KIND_BITS;
    int requests = groups.size(key + PROMPT) + groups.size(key + RESPONSE);
    // A log that is full is handed over in the middle of a request and of a batch: what the rest of
    // them says is here without what it belongs to, and must not wait for another request.
    cells[place].addSums(sums, place * SeriesCell.SUMS, requests);
    StatusCell status = statuses[place];
    if (groups.size(key + PROMPT) > 0) {
      groups.handTo(status.prompt(), key + PROMPT);
    }
    if (groups.size(key + RESPONSE) > 0) {
      groups.handTo(status.delayedResponses(), key + RESPONSE);
    }
    if (groups.size(key + SERVICE) > 0) {
      groups.handTo(status.delayedServices(), key + SERVICE);
    }
  }

  /** Gives up what was logged, together with the cells. */
  void recycle() {
    giveChunksBack();
    placeCount = 0;
    firstPlaces = new int[0];
  }

  private void giveChunksBack() {
    for (int i = 1; i < chunkCount; i++) {
      pool.giveBack(chunks[i]);
      chunks[i] = null;
    }
    chunkCount = 1;
    chunk = chunks[0];
    chunkSize = 0;
  }

  long retainedBytes() {
    long chunkBytes = 8L * chunk.length * chunkCount;
    return chunkBytes + 4L * firstPlaces.length + (24L + 8 * SeriesCell.SUMS) * cells.length;
  }
}
