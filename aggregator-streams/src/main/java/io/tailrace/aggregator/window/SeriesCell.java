package io.tailrace.aggregator.window;

import io.tailrace.record.Distribution;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One series in one window: all that is known of its requests. */
public final class SeriesCell {
  /** A revision that says that the cell was never published. */
  static final int UNPUBLISHED = -1;

  /** What takes the requests of all statuses beyond the limit. */
  static final int OTHER_STATUS = -1;

  /** How many sums are made beside a cell: those of its transfers, and then these. */
  static final int SUMS = Transfers.SUMS + 3;

  static final int LATENESS = Transfers.SUMS;
  static final int MOST_LATE = Transfers.SUMS + 1;
  static final int CLAMPED = Transfers.SUMS + 2;

  private static final int MOST_STATUSES = 32;
  private static final StatusCell[] NO_STATUSES = {};

  private final PagePool pool;
  private final Transfers transfers = new Transfers();
  private final ErrorCounts errorKinds = new ErrorCounts();

  // In ascending order of status.
  private StatusCell[] statuses = NO_STATUSES;
  private long clamped;
  private long late;
  private long latenessSum;
  private long latenessMax;
  private int revision = UNPUBLISHED;

  SeriesCell(PagePool pool) {
    this.pool = pool;
  }

  /** Adds sums that were made beside the cell over so many requests, and sets them to zero. */
  void addSums(long[] sums, int at, long requests) {
    transfers.add(sums, at, requests);
    latenessSum += sums[at + LATENESS];
    latenessMax = Math.max(latenessMax, sums[at + MOST_LATE]);
    clamped += sums[at + CLAMPED];
    Arrays.fill(sums, at, at + SUMS, 0);
  }

  /** Counts requests that failed among those that were recorded with this status. */
  void countErrors(StatusCell status, int kind, int failed) {
    status.errors += failed;
    errorKinds.add(kind, failed);
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
    for (StatusCell theirs : other.statuses) {
      status(theirs.status).addAll(theirs);
    }
    errorKinds.addAll(other.errorKinds);
    transfers.addAll(other.transfers);
    clamped += other.clamped;
    late += other.late;
    latenessSum += other.latenessSum;
    latenessMax = Math.max(latenessMax, other.latenessMax);
  }

  /** Its times over all statuses, to be closed after use. */
  public CellTimes times() {
    return new CellTimes(this, pool);
  }

  /** Response times of all requests; null without any. */
  public @Nullable Distribution responseTimes() {
    if (statuses.length == 0) {
      return null;
    }
    try (CellTimes times = times()) {
      return times.responses().distribution();
    }
  }

  /** Service times of all requests; null without any. */
  public @Nullable Distribution serviceTimes() {
    if (statuses.length == 0) {
      return null;
    }
    try (CellTimes times = times()) {
      return times.services().distribution();
    }
  }

  StatusCell[] statuses() {
    return statuses;
  }

  /** Whether any request was sent later than it was due. */
  boolean hasDelayed() {
    for (StatusCell one : statuses) {
      if (one.hasDelayed()) {
        return true;
      }
    }
    return false;
  }

  /** Failed requests by the name of their kind, in the names' order. */
  Map<String, Long> errorsByKind(ErrorTable names) {
    return errorKinds.byName(names);
  }

  Transfers transfers() {
    return transfers;
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
    return hasDelayed() ? 2 * counts : counts;
  }

  long retainedBytes() {
    long bytes = 200;
    for (StatusCell one : statuses) {
      bytes += one.retainedBytes();
    }
    return bytes;
  }

  /** Gives the pages back; the cell is not to be used again. */
  void recycle() {
    for (StatusCell one : statuses) {
      one.recycle();
    }
    statuses = NO_STATUSES;
  }

  void writeTo(ByteWriter state, ErrorTable names) {
    state.writeLong(revision);
    state.writeUnsigned(clamped);
    state.writeUnsigned(late);
    state.writeUnsigned(latenessSum);
    state.writeUnsigned(latenessMax);
    transfers.writeTo(state);
    state.writeUnsigned(statuses.length);
    for (StatusCell one : statuses) {
      state.writeLong(one.status);
      one.writeTo(state);
    }
    errorKinds.writeTo(state, names);
  }

  /** Reads what {@link #writeTo} wrote into a new cell. */
  void readFrom(ByteReader state, ErrorTable names) {
    revision = (int) state.readLong();
    clamped = state.readUnsigned();
    late = state.readUnsigned();
    latenessSum = state.readUnsigned();
    latenessMax = state.readUnsigned();
    transfers.readFrom(state);
    for (long rest = state.readUnsigned(); rest > 0; rest--) {
      status((int) state.readLong()).readFrom(state);
    }
    errorKinds.readFrom(state, names);
  }
}
