package io.tailrace.aggregator.window;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All series in one window, while it is on the heap; belongs to one thread. */
public final class LiveWindow {
  /** What is said of the nodes' health when no node says anything. */
  public static final int UNKNOWN_USERS = -1;

  private final PagePool pool;
  private final long startMicros;
  private final long widthMicros;
  private final boolean late;

  private @Nullable SeriesCell[] cells = new SeriesCell[8];
  // Made when the first sample comes: windows that are only merged have none.
  private @Nullable SampleLog log;
  private int activeUsers = UNKNOWN_USERS;
  private double cpuPercent = Double.NaN;
  private double memoryMb = Double.NaN;
  // The lives that sent something too late, as bits; only of late windows.
  private long[] contributors = {};
  private boolean dirty;

  /** A window; a late one holds only what came after it had first closed. */
  public LiveWindow(PagePool pool, long startMicros, long widthMicros, boolean late) {
    this.pool = pool;
    this.startMicros = startMicros;
    this.widthMicros = widthMicros;
    this.late = late;
  }

  public long startMicros() {
    return startMicros;
  }

  public long widthMicros() {
    return widthMicros;
  }

  public long endMicros() {
    return startMicros + widthMicros;
  }

  /** Whether it holds only what came after the window had first closed. */
  public boolean isLate() {
    return late;
  }

  /** Takes samples; what is in it counts as part of the cells. */
  SampleLog log() {
    SampleLog known = log;
    if (known == null) {
      log = known = new SampleLog(this, pool);
    }
    return known;
  }

  private void settle() {
    if (log != null) {
      log.settle();
    }
  }

  /** The cell of a series; a new one when there is none yet. */
  public SeriesCell cell(int series) {
    settle();
    return unsettledCell(series);
  }

  /** A cell of which part may still be in the log. */
  SeriesCell unsettledCell(int series) {
    if (series >= cells.length) {
      cells = Arrays.copyOf(cells, Math.max(series + 1, cells.length * 2));
    }
    SeriesCell cell = cells[series];
    if (cell == null) {
      cell = new SeriesCell(pool);
      cells[series] = cell;
    }
    return cell;
  }

  public @Nullable SeriesCell cellOrNull(int series) {
    settle();
    return series < cells.length ? cells[series] : null;
  }

  /** One more than the highest number of a series that may have a cell. */
  public int seriesBound() {
    return cells.length;
  }

  /** Makes the cell of the whole run from those of the series. */
  public void sumUp() {
    SeriesCell whole = cell(SeriesTable.RUN);
    for (int series = SeriesTable.RUN + 1; series < cells.length; series++) {
      SeriesCell cell = cells[series];
      if (cell != null) {
        whole.addAll(cell);
      }
    }
  }

  /** Adds all that another window holds, of health the peaks. */
  public void addAll(LiveWindow other) {
    other.settle();
    for (int series = 0; series < other.cells.length; series++) {
      SeriesCell theirs = other.cells[series];
      if (theirs != null) {
        addCell(series, theirs);
      }
    }
    addHealth(other);
  }

  /** Adds one series of another window. */
  public void addCell(int series, SeriesCell theirs) {
    cell(series).addAll(theirs);
    dirty = true;
  }

  /** Adds the health of another window. */
  public void addHealth(LiveWindow other) {
    noteHealth(other.activeUsers, other.cpuPercent, other.memoryMb);
    dirty = true;
  }

  private static double peak(double one, double other) {
    return Double.isNaN(one) ? other : Double.isNaN(other) ? one : Math.max(one, other);
  }

  /** Says that all requests in here came after their window had first closed. */
  public void markLate() {
    settle();
    for (SeriesCell cell : cells) {
      if (cell != null) {
        cell.markLate();
      }
    }
  }

  public void setActiveUsers(int users) {
    activeUsers = users;
  }

  /** Takes in how the nodes are; unknown values change nothing. */
  public void noteHealth(int users, double cpu, double memory) {
    activeUsers = Math.max(activeUsers, users);
    cpuPercent = peak(cpuPercent, cpu);
    memoryMb = peak(memoryMb, memory);
  }

  public int activeUsers() {
    return activeUsers;
  }

  /** CPU of the busiest node, or NaN when no node says. */
  public double cpuPercent() {
    return cpuPercent;
  }

  /** Memory of the largest node, or NaN when no node says. */
  public double memoryMb() {
    return memoryMb;
  }

  /** Notes that this life of a node sent something for a late window. */
  public void addContributor(int life) {
    if (life / Long.SIZE >= contributors.length) {
      contributors = Arrays.copyOf(contributors, life / Long.SIZE + 1);
    }
    contributors[life / Long.SIZE] |= 1L << life;
  }

  /** The first life from this number on that sent something for a late window, or -1. */
  public int nextContributor(int from) {
    for (int life = from; life < contributors.length * Long.SIZE; life++) {
      if ((contributors[life / Long.SIZE] & 1L << life) != 0) {
        return life;
      }
    }
    return -1;
  }

  /** Whether it changed since {@link #saved}. */
  public boolean isDirty() {
    return dirty;
  }

  public void touch() {
    dirty = true;
  }

  public void saved() {
    dirty = false;
  }

  /** Roughly the bytes of its counts, by the numbers of requests alone. */
  public long weight() {
    settle();
    long weight = 0;
    for (SeriesCell cell : cells) {
      weight += cell == null ? 0 : cell.weight();
    }
    return weight;
  }

  /** Roughly what it holds of the heap. */
  public long retainedBytes() {
    settle();
    long bytes = 8L * cells.length + (log == null ? 0 : log.retainedBytes());
    for (SeriesCell cell : cells) {
      bytes += cell == null ? 0 : cell.retainedBytes();
    }
    return bytes;
  }

  /** Gives all pages back; the window is not to be used again. */
  public void recycle() {
    for (SeriesCell cell : cells) {
      if (cell != null) {
        cell.recycle();
      }
    }
    cells = new SeriesCell[0];
    if (log != null) {
      log.recycle();
    }
  }

  /**
   * Writes all of it but its place in time as state.
   *
   * @param afterEach called when a series has been written: what is there may be taken away
   */
  public void writeTo(ByteWriter state, ErrorTable errors, Runnable afterEach) {
    settle();
    writeHeader(state);
    for (int series = 0; series < cells.length; series++) {
      SeriesCell cell = cells[series];
      if (cell != null) {
        writeCell(series, cell, state, errors);
        afterEach.run();
      }
    }
  }

  /** Writes what is before the series; each of them then by itself. */
  public void writeHeader(ByteWriter state) {
    state.writeLong(activeUsers);
    state.writeDouble(cpuPercent);
    state.writeDouble(memoryMb);
    state.writeUnsigned(contributors.length);
    for (long bits : contributors) {
      state.writeUnsigned(bits);
    }
  }

  public static void writeCell(int series, SeriesCell cell, ByteWriter state, ErrorTable errors) {
    state.writeUnsigned(series);
    cell.writeTo(state, errors);
  }

  /** Reads what {@link #writeTo} wrote into a new window. */
  public void readFrom(ByteReader state, ErrorTable errors) {
    activeUsers = state.readInt();
    cpuPercent = state.readDouble();
    memoryMb = state.readDouble();
    contributors = new long[(int) state.readUnsigned()];
    for (int i = 0; i < contributors.length; i++) {
      contributors[i] = state.readUnsigned();
    }
    while (state.hasMore()) {
      cell((int) state.readUnsigned()).readFrom(state, errors);
    }
  }
}
