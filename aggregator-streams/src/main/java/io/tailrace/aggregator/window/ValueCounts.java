package io.tailrace.aggregator.window;

import io.tailrace.record.Distribution;
import org.jspecify.annotations.Nullable;

/**
 * How often each duration occurred, in microseconds with three significant digits between 1
 * microsecond and 1 hour: a raw list of values at first, counts by bucket from the 1,025th on.
 *
 * <p>Nothing that leaves it depends on the order in which values were recorded or merged, nor on
 * which of the two forms they are held in. Not thread-safe; instances that share a {@link PagePool}
 * belong to one thread.
 */
public final class ValueCounts {
  /** The shortest and the longest duration that is told from its neighbours, in microseconds. */
  public static final long LOWEST_MICROS = Buckets.LOWEST;

  public static final long HIGHEST_MICROS = Buckets.HIGHEST;

  /** Beyond this, a raw list would be larger than the pages that most series need. */
  static final int RAW_LIMIT = 1024;

  private static final int[] NONE = {};
  private static final int FIRST_LIST = 16;
  private static final int SECOND_LIST = 128;
  // Up to so many, values are kept as they are in the state: pages would take more of the heap.
  private static final int FEW_VALUES = SECOND_LIST;
  private static final int OBJECT_BYTES = 72;
  private static final int ARRAY_HEADER_BYTES = 16;

  private final PagePool pool;

  private long count;
  private long sum;
  private long min = Long.MAX_VALUE;
  private long max;

  // Values are unsigned ints: an hour is more microseconds than a signed one can say.
  private int[] raw = NONE;
  private @Nullable CountPages pages;

  public ValueCounts(PagePool pool) {
    this.pool = pool;
  }

  /** Whether a duration can only be recorded at a bound; the caller counts those. */
  public static boolean clamps(long micros) {
    return micros < Buckets.LOWEST || micros > Buckets.HIGHEST;
  }

  /** Records a duration; one outside of 1 microsecond to 1 hour at that bound. Never throws. */
  public void record(long micros) {
    recordWithin(clamps(micros) ? clamp(micros) : micros);
  }

  /** Records a duration that is known to be within the bounds. */
  void recordWithin(long value) {
    sum += value;
    // Branches, since there is hardly ever anything to store.
    if (value < min) {
      min = value;
    }
    if (value > max) {
      max = value;
    }
    CountPages counted = pages;
    if (counted != null) {
      counted.add(Buckets.indexOf(value));
    } else {
      append((int) value);
    }
    count++;
  }

  /** Records many durations, unsigned and known to be within the bounds. */
  void recordAll(int[] values, int from, int length) {
    long sum = this.sum;
    long min = this.min;
    long max = this.max;
    for (int i = from; i < from + length; i++) {
      long value = Integer.toUnsignedLong(values[i]);
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    this.sum = sum;
    this.min = min;
    this.max = max;
    if (pages == null && count + length <= RAW_LIMIT) {
      ensureRaw((int) count + length);
      System.arraycopy(values, from, raw, (int) count, length);
    } else {
      addRaw(turnToPages(), values, from, length);
    }
    count += length;
  }

  /** Adds all that another one holds; the other one stays as it is. */
  public void addAll(ValueCounts other) {
    if (other.count == 0) {
      return;
    }
    CountPages theirs = other.pages;
    if (theirs == null && pages == null && count + other.count <= RAW_LIMIT) {
      ensureRaw((int) (count + other.count));
      System.arraycopy(other.raw, 0, raw, (int) count, (int) other.count);
    } else if (theirs == null) {
      addRaw(turnToPages(), other.raw, 0, (int) other.count);
    } else {
      turnToPages().addAll(theirs);
    }
    count += other.count;
    sum += other.sum;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  public long count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** The exact sum of all that was recorded, after clamping. */
  public long sum() {
    return sum;
  }

  /** The smallest value; 0 without values. */
  public long minMicros() {
    return count == 0 ? 0 : min;
  }

  /** The exact mean; 0 without values. */
  public double meanMicros() {
    return count == 0 ? 0 : (double) sum / count;
  }

  /** The largest value; 0 without values. */
  public long maxMicros() {
    return max;
  }

  /** The nearest rank of a percentage with up to three decimals; 0 without values. */
  public long percentileMicros(double percent) {
    return ordered().percentileMicros(percent);
  }

  /** The statistics, or null without values. */
  public @Nullable Distribution distribution() {
    return ordered().distribution();
  }

  /** The histogram as records carry it: see {@code HistogramFrame}. */
  public byte[] frame() {
    return ordered().frame();
  }

  /** Forgets all values and gives the pages back; what is recorded next starts a raw list again. */
  public void reset() {
    pool.workbench().forget(this);
    if (pages != null) {
      pages.recycle();
      pages = null;
    }
    if (raw.length == RAW_LIMIT) {
      pool.giveBack(raw);
      raw = NONE;
    }
    count = 0;
    sum = 0;
    min = Long.MAX_VALUE;
    max = 0;
  }

  /** Roughly what it holds of the heap, without the pool. */
  public long retainedBytes() {
    return OBJECT_BYTES + arrayBytes(raw.length) + (pages == null ? 0 : pages.retainedBytes());
  }

  /** Writes all of it as state; {@link #readFrom} gives the same back. */
  public void writeTo(ByteWriter state) {
    // Many values are neighbours: a step to the next bucket is a byte where a value is two or
    // three.
    boolean asCounts = isPaged() || count > FEW_VALUES;
    state.writeBoolean(asCounts);
    state.writeUnsigned(count);
    if (!asCounts) {
      state.writeUnsigned(raw, (int) count);
      return;
    }
    state.writeUnsigned(sum);
    state.writeUnsigned(min);
    state.writeUnsigned(max);
    ordered().writeTo(state);
  }

  /** Takes the place of what was held with what {@link #writeTo} wrote. */
  public void readFrom(ByteReader state) {
    reset();
    if (state.readBoolean()) {
      readPages(state);
    } else {
      int values = (int) bounded(state, "the number of raw values", 0, RAW_LIMIT);
      for (int i = 0; i < values; i++) {
        record(bounded(state, "a raw value", Buckets.LOWEST, Buckets.HIGHEST));
      }
    }
  }

  boolean isPaged() {
    return pages != null;
  }

  static long arrayBytes(int ints) {
    return ints == 0 ? 0 : ARRAY_HEADER_BYTES + (long) ints * Integer.BYTES;
  }

  private static long clamp(long micros) {
    return Math.max(Buckets.LOWEST, Math.min(Buckets.HIGHEST, micros));
  }

  private void append(int value) {
    int at = (int) count;
    if (at == raw.length) {
      if (at == RAW_LIMIT) {
        turnToPages().add(Buckets.indexOf(Integer.toUnsignedLong(value)));
        return;
      }
      ensureRaw(at + 1);
    }
    raw[at] = value;
  }

  private void ensureRaw(int values) {
    if (values <= raw.length) {
      return;
    }
    // Few steps: every one copies, and most series of a busy run end at the last. Those lists are
    // the pool's.
    int[] longer =
        values <= FIRST_LIST
            ? new int[FIRST_LIST]
            : values <= SECOND_LIST ? new int[SECOND_LIST] : pool.takeList();
    System.arraycopy(raw, 0, longer, 0, (int) count);
    raw = longer;
  }

  private CountPages turnToPages() {
    CountPages counted = pages;
    if (counted == null) {
      counted = new CountPages(pool);
      addRaw(counted, raw, 0, (int) count);
      if (raw.length == RAW_LIMIT) {
        pool.giveBack(raw);
      }
      raw = NONE;
      pages = counted;
    }
    return counted;
  }

  private static void addRaw(CountPages counted, int[] values, int from, int length) {
    for (int i = from; i < from + length; i++) {
      counted.add(Buckets.indexOf(Integer.toUnsignedLong(values[i])));
    }
  }

  /** All of it in order, until some others have been asked for or it changes. */
  OrderedCounts ordered() {
    return pool.workbench().ordered(this);
  }

  void putInOrder(OrderedCounts into) {
    into.begin(count, sum, min, max);
    if (pages == null) {
      into.addRaw(raw, (int) count);
    } else {
      pages.addTo(into);
    }
  }

  private void readPages(ByteReader state) {
    long values = bounded(state, "the number of values", 1, Long.MAX_VALUE);
    long total = bounded(state, "their sum", values, Long.MAX_VALUE);
    long smallest = bounded(state, "the smallest value", Buckets.LOWEST, Buckets.HIGHEST);
    long largest = bounded(state, "the largest value", smallest, Buckets.HIGHEST);
    int first = Buckets.indexOf(smallest);
    int last = Buckets.indexOf(largest);
    CountPages counted = turnToPages();
    int size = (int) bounded(state, "the number of buckets", 1, Buckets.COUNT);
    int index = 0;
    long rest = values;
    for (int i = 0; i < size; i++) {
      long step = state.readUnsigned();
      index += (int) bounded(step >>> 1, "the step to a bucket", i == 0 ? first : 1, last - index);
      long here =
          (step & 1) == 0 ? 1 : bounded(state.readUnsigned(), "the count of a bucket", 1, rest);
      counted.add(index, here);
      rest -= here;
    }
    if (rest != 0 || index != last) {
      throw new IllegalStateException(
          "Cannot read counts: the buckets to "
              + index
              + " leave "
              + rest
              + " of "
              + values
              + " values out");
    }
    count = values;
    sum = total;
    min = smallest;
    max = largest;
  }

  private static long bounded(ByteReader state, String what, long lowest, long highest) {
    return bounded(state.readUnsigned(), what, lowest, highest);
  }

  private static long bounded(long value, String what, long lowest, long highest) {
    if (value < lowest || value > highest) {
      throw new IllegalStateException(
          "Cannot read counts: "
              + what
              + " is "
              + value
              + ", expected "
              + lowest
              + " to "
              + highest);
    }
    return value;
  }
}
