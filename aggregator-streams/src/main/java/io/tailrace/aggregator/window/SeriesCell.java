package io.tailrace.aggregator.window;

import io.tailrace.record.Distribution;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One series in one window: all that is known of its requests. */
public final class SeriesCell {
  /** A revision that says that the cell was never published. */
  static final int UNPUBLISHED = -1;

  /** What takes the requests of all statuses beyond the limit. */
  static final int OTHER_STATUS = -1;

  private static final int MOST_STATUSES = 32;
  private static final int MOST_ERROR_KINDS = 100;
  private static final StatusCell[] NO_STATUSES = {};
  private static final int[] NO_KINDS = {};
  private static final long[] NO_COUNTS = {};
  // Keeps sums of 10^9 requests inside a long.
  private static final long MOST_BYTES = 1L << 33;

  private final PagePool pool;

  // In ascending order of status.
  private StatusCell[] statuses = NO_STATUSES;
  // Equal to the response times, and therefore absent, until a request is late.
  private @Nullable ValueCounts service;
  private int[] errorKinds = NO_KINDS;
  private long[] errorCounts = NO_COUNTS;
  private int errorKindsUsed;

  private long clamped;
  private long late;
  private long latenessSum;
  private long latenessMax;
  private final Tally firstByte = new Tally();
  private final Tally connect = new Tally();
  private final Tally bytesSent = new Tally();
  private final Tally bytesReceived = new Tally();
  private int revision = UNPUBLISHED;

  SeriesCell(PagePool pool) {
    this.pool = pool;
  }

  /** Records one request of this status; all durations in microseconds, -1 for what is unknown. */
  void record(
      StatusCell status,
      long latency,
      long delay,
      long firstByteMicros,
      long connectMicros,
      long sent,
      long received) {
    long response = latency + delay;
    if (latency < ValueCounts.LOWEST_MICROS
        || delay < 0
        || response < latency
        || response > ValueCounts.HIGHEST_MICROS) {
      recordClamped(status, latency, delay);
    } else {
      recordTimes(status, response, latency, delay);
    }
    if (firstByteMicros >= 0) {
      firstByte.add(Math.min(firstByteMicros, ValueCounts.HIGHEST_MICROS));
    }
    if (connectMicros >= 0) {
      connect.add(Math.min(connectMicros, ValueCounts.HIGHEST_MICROS));
    }
    if (sent >= 0) {
      bytesSent.add(Math.min(sent, MOST_BYTES));
    }
    if (received >= 0) {
      bytesReceived.add(Math.min(received, MOST_BYTES));
    }
  }

  private void recordTimes(StatusCell status, long response, long latency, long delay) {
    if (delay != 0) {
      latenessSum += delay;
      if (delay > latenessMax) {
        latenessMax = delay;
      }
      if (service == null) {
        service = allResponses();
      }
    }
    status.response.record(response);
    if (service != null) {
      service.record(latency);
    }
  }

  private void recordClamped(StatusCell status, long latency, long delay) {
    clamped++;
    long boundedLatency = bound(latency, ValueCounts.LOWEST_MICROS);
    long boundedDelay = bound(delay, 0);
    recordTimes(status, bound(boundedLatency + boundedDelay, 1), boundedLatency, boundedDelay);
  }

  private static long bound(long value, long lowest) {
    return Math.max(lowest, Math.min(ValueCounts.HIGHEST_MICROS, value));
  }

  /** Counts a failed request that was recorded with this status. */
  void countError(StatusCell status, int kind) {
    status.errors++;
    addErrors(kind, 1);
  }

  private void addErrors(int kind, long count) {
    for (int i = 0; i < errorKindsUsed; i++) {
      if (errorKinds[i] == kind) {
        errorCounts[i] += count;
        return;
      }
    }
    if (errorKindsUsed >= MOST_ERROR_KINDS && kind != ErrorTable.OTHER) {
      addErrors(ErrorTable.OTHER, count);
      return;
    }
    if (errorKindsUsed == errorKinds.length) {
      errorKinds = Arrays.copyOf(errorKinds, errorKindsUsed * 2 + 2);
      errorCounts = Arrays.copyOf(errorCounts, errorKindsUsed * 2 + 2);
    }
    errorKinds[errorKindsUsed] = kind;
    errorCounts[errorKindsUsed++] = count;
  }

  /** The cell of a status; a new one when there is none yet. */
  StatusCell status(int status) {
    StatusCell[] known = statuses;
    for (StatusCell one : known) {
      if (one.status == status) {
        return one;
      }
    }
    if (known.length >= MOST_STATUSES && status != OTHER_STATUS) {
      return status(OTHER_STATUS);
    }
    int at = 0;
    while (at < known.length && known[at].status < status) {
      at++;
    }
    StatusCell[] more = Arrays.copyOf(known, known.length + 1);
    System.arraycopy(known, at, more, at + 1, known.length - at);
    more[at] = new StatusCell(status, pool);
    statuses = more;
    return more[at];
  }

  /** Adds all requests of another cell; its revision does not matter. */
  void addAll(SeriesCell other) {
    ValueCounts otherService = other.service;
    if (otherService != null && service == null) {
      service = allResponses();
    }
    if (service != null) {
      if (otherService != null) {
        service.addAll(otherService);
      } else {
        for (StatusCell one : other.statuses) {
          service.addAll(one.response);
        }
      }
    }
    for (StatusCell theirs : other.statuses) {
      StatusCell ours = status(theirs.status);
      ours.response.addAll(theirs.response);
      ours.errors += theirs.errors;
    }
    for (int i = 0; i < other.errorKindsUsed; i++) {
      addErrors(other.errorKinds[i], other.errorCounts[i]);
    }
    clamped += other.clamped;
    late += other.late;
    latenessSum += other.latenessSum;
    latenessMax = Math.max(latenessMax, other.latenessMax);
    firstByte.addAll(other.firstByte);
    connect.addAll(other.connect);
    bytesSent.addAll(other.bytesSent);
    bytesReceived.addAll(other.bytesReceived);
  }

  /** Response times of all statuses, in counts of their own. */
  ValueCounts allResponses() {
    ValueCounts all = new ValueCounts(pool);
    for (StatusCell one : statuses) {
      all.addAll(one.response);
    }
    return all;
  }

  /** Does something with the response times of all statuses, without copying those of only one. */
  <T extends @Nullable Object> T withResponses(Function<ValueCounts, T> use) {
    if (statuses.length == 1) {
      return use.apply(statuses[0].response);
    }
    ValueCounts all = allResponses();
    try {
      return use.apply(all);
    } finally {
      all.reset();
    }
  }

  /** Response times of all requests; null without any. */
  public @Nullable Distribution responseTimes() {
    return statuses.length == 0 ? null : withResponses(ValueCounts::distribution);
  }

  /** Service times of all requests; null without any. */
  public @Nullable Distribution serviceTimes() {
    return service == null ? responseTimes() : service.distribution();
  }

  StatusCell[] statuses() {
    return statuses;
  }

  @Nullable ValueCounts service() {
    return service;
  }

  /** Failed requests by the name of their kind, in the names' order. */
  Map<String, Long> errorsByKind(ErrorTable names) {
    TreeMap<String, Long> byKind = new TreeMap<>();
    for (int i = 0; i < errorKindsUsed; i++) {
      byKind.put(names.name(errorKinds[i]), errorCounts[i]);
    }
    return byKind;
  }

  public long requests() {
    long requests = 0;
    for (StatusCell one : statuses) {
      requests += one.requests();
    }
    return requests;
  }

  public long errors() {
    long errors = 0;
    for (StatusCell one : statuses) {
      errors += one.errors;
    }
    return errors;
  }

  public long clamped() {
    return clamped;
  }

  /** Requests that came after their window had first closed. */
  public long late() {
    return late;
  }

  /** Says that all requests in here came after their window had first closed. */
  void markLate() {
    late = requests();
  }

  public long latenessSumMicros() {
    return latenessSum;
  }

  public long latenessMaxMicros() {
    return latenessMax;
  }

  Tally firstByte() {
    return firstByte;
  }

  Tally connect() {
    return connect;
  }

  Tally bytesSent() {
    return bytesSent;
  }

  Tally bytesReceived() {
    return bytesReceived;
  }

  public int revision() {
    return revision;
  }

  /** The revision under which the cell is published now: one more than before. */
  public int nextRevision() {
    return ++revision;
  }

  /**
   * Roughly the bytes its counts take, by the number of requests alone: the same however they are
   * held at the moment.
   */
  long weight() {
    long counts = 64;
    for (StatusCell one : statuses) {
      counts += 64 + 4 * Math.min(one.requests(), 8 * 1024);
    }
    return service == null ? counts : 2 * counts;
  }

  long retainedBytes() {
    long bytes = 200 + (service == null ? 0 : service.retainedBytes());
    for (StatusCell one : statuses) {
      bytes += 32 + one.response.retainedBytes();
    }
    return bytes;
  }

  /** Gives the pages back; the cell is not to be used again. */
  void recycle() {
    for (StatusCell one : statuses) {
      one.response.reset();
    }
    if (service != null) {
      service.reset();
    }
    statuses = NO_STATUSES;
    service = null;
  }

  void writeTo(ByteWriter state, ErrorTable names) {
    state.writeLong(revision);
    state.writeUnsigned(clamped);
    state.writeUnsigned(late);
    state.writeUnsigned(latenessSum);
    state.writeUnsigned(latenessMax);
    firstByte.writeTo(state);
    connect.writeTo(state);
    bytesSent.writeTo(state);
    bytesReceived.writeTo(state);
    state.writeUnsigned(statuses.length);
    for (StatusCell one : statuses) {
      state.writeLong(one.status);
      state.writeUnsigned(one.errors);
      one.response.writeTo(state);
    }
    state.writeBoolean(service != null);
    if (service != null) {
      service.writeTo(state);
    }
    state.writeUnsigned(errorKindsUsed);
    for (int i = 0; i < errorKindsUsed; i++) {
      state.writeString(names.name(errorKinds[i]));
      state.writeUnsigned(errorCounts[i]);
    }
  }

  /** Reads what {@link #writeTo} wrote into a new cell. */
  void readFrom(ByteReader state, ErrorTable names) {
    revision = (int) state.readLong();
    clamped = state.readUnsigned();
    late = state.readUnsigned();
    latenessSum = state.readUnsigned();
    latenessMax = state.readUnsigned();
    firstByte.readFrom(state);
    connect.readFrom(state);
    bytesSent.readFrom(state);
    bytesReceived.readFrom(state);
    for (long rest = state.readUnsigned(); rest > 0; rest--) {
      StatusCell one = status((int) state.readLong());
      one.errors = state.readUnsigned();
      one.response.readFrom(state);
    }
    if (state.readBoolean()) {
      service = new ValueCounts(pool);
      service.readFrom(state);
    }
    for (long rest = state.readUnsigned(); rest > 0; rest--) {
      addErrors(names.numberOf(state.readString()), state.readUnsigned());
    }
  }
}
