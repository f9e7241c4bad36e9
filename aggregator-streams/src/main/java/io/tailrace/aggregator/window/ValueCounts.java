package io.tailrace.aggregator.window;

import io.tailrace.record.Distribution;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often each duration occurred, in microseconds with three significant digits between 1
 * microsecond and 1 hour: a raw list of values at first, pages of counts from the 1,025th on.
 *
 * <p>Nothing that leaves it depends on the order in which values were recorded or merged, nor on
 * which of the two forms they are held in. Not thread-safe; instances that share a {@link PagePool}
 * belong to one thread.
 */
public final class ValueCounts {
  /** The shortest and the longest duration that is told from its neighbours, in microseconds. */
  public static final long LOWEST_MICROS = Buckets.LOWEST;

  public static final long HIGHEST_MICROS = Buckets.HIGHEST;

  /** Beyond a page's worth, a raw list would be larger than the pages that most series need. */
  static final int RAW_LIMIT = Buckets.PAGE_SIZE;

  private static final int[] NONE = {};
  private static final int[][] NO_PAGES = {};
  private static final int OBJECT_BYTES = 72;
  private static final int ARRAY_HEADER_BYTES = 16;

  private final PagePool pool;

  private long count;
  private long sum;
  private long min = Long.MAX_VALUE;
  private long max;

  // Values are unsigned ints: an hour is more microseconds than a signed one can say.
  private int[] raw = NONE;
  private boolean paged;
  // The low 32 bits of the counts, and the high ones of the few pages that ever need them.
  private int[][] low = NO_PAGES;
  private int[][] high = NO_PAGES;

  public ValueCounts(PagePool pool) {
    this.pool = pool;
  }

  /** Whether a duration can only be recorded at a bound; the caller counts those. */
  public static boolean clamps(long micros) {
    return micros < Buckets.LOWEST || micros > Buckets.HIGHEST;
  }

  /** Records a duration; one outside of 1 microsecond to 1 hour at that bound. Never throws. */
  public void record(long micros) {
    long value = clamps(micros) ? clamp(micros) : micros;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (paged) {
      add(Buckets.indexOf(value));
    } else {
      append((int) value);
    }
    count++;
  }

  /** Adds all that another one holds; the other one stays as it is. */
  public void addAll(ValueCounts other) {
    if (other.count == 0) {
      return;
    }
    if (!other.paged && !paged && count + other.count <= RAW_LIMIT) {
      ensureRaw((int) (count + other.count));
      System.arraycopy(other.raw, 0, raw, (int) count, (int) other.count);
    } else {
      turnToPages();
      if (other.paged) {
        addPages(other);
      } else {
        addRaw(other.raw, (int) other.count);
      }
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
    return count == 0 ? 0 : Statistics.percentile(this, ordered(), percent);
  }

  /** The statistics, or null without values. */
  public @Nullable Distribution distribution() {
    return count == 0 ? null : Statistics.of(this, ordered());
  }

  /** The histogram as records carry it: see {@code HistogramFrame}. */
  public byte[] frame() {
    HistogramBytes bytes = pool.histogramBytes();
    int length = bytes.write(ordered(), count);
    return Arrays.copyOf(bytes.array(), length);
  }

  /** Writes {@link #frame} as Avro writes bytes: behind their length. */
  public void writeFrame(ByteWriter into) {
    HistogramBytes bytes = pool.histogramBytes();
    int length = bytes.write(ordered(), count);
    into.writeLong(length);
    into.writeRaw(bytes.array(), 0, length);
  }

  /** Forgets all values and gives the pages back; what is recorded next starts a raw list again. */
  public void reset() {
    pool.ordered().forget(this);
    if (paged) {
      giveBackPages(low);
      giveBackPages(high);
      low = NO_PAGES;
      high = NO_PAGES;
      paged = false;
    }
    if (raw.length == Buckets.PAGE_SIZE) {
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
    return OBJECT_BYTES + arrayBytes(raw.length) + pageBytes(low) + pageBytes(high);
  }

  /** Writes all of it as state; {@link #readFrom} gives the same back. */
  public void writeTo(ByteWriter state) {
    state.writeBoolean(paged);
    state.writeUnsigned(count);
    if (!paged) {
      for (int i = 0; i < count; i++) {
        state.writeUnsigned(Integer.toUnsignedLong(raw[i]));
      }
      return;
    }
    state.writeUnsigned(sum);
    state.writeUnsigned(min);
    state.writeUnsigned(max);
    OrderedCounts ordered = ordered();
    state.writeUnsigned(ordered.size());
    int before = 0;
    for (int i = 0; i < ordered.size(); i++) {
      state.writeUnsigned(ordered.index(i) - before);
      state.writeUnsigned(ordered.count(i));
      before = ordered.index(i);
    }
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
    return paged;
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
        turnToPages();
        add(Buckets.indexOf(Integer.toUnsignedLong(value)));
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
    int length = Math.max(16, raw.length);
    while (length < values) {
      length *= 4;
    }
    // The last step is a page's size, so that the list's array is one of the pool's.
    int[] longer = length == Buckets.PAGE_SIZE ? pool.take() : new int[length];
    System.arraycopy(raw, 0, longer, 0, (int) count);
    raw = longer;
  }

  private void turnToPages() {
    if (paged) {
      return;
    }
    paged = true;
    low = noPages();
    int[] values = raw;
    raw = NONE;
    addRaw(values, (int) count);
    if (values.length == Buckets.PAGE_SIZE) {
      pool.giveBack(values);
    }
  }

  private void addRaw(int[] values, int length) {
    for (int i = 0; i < length; i++) {
      add(Buckets.indexOf(Integer.toUnsignedLong(values[i])));
    }
  }

  private void add(int index) {
    int[] page = low[index >>> Buckets.PAGE_BITS];
    if (page == NONE) {
      page = pool.takeZeroed();
      low[index >>> Buckets.PAGE_BITS] = page;
    }
    if (++page[index & Buckets.PAGE_MASK] == 0) {
      addHigh(index, 1);
    }
  }

  private void add(int index, long more) {
    int number = index >>> Buckets.PAGE_BITS;
    if (low[number] == NONE) {
      low[number] = pool.takeZeroed();
    }
    int[] page = low[number];
    long total = Integer.toUnsignedLong(page[index & Buckets.PAGE_MASK]) + (more & 0xFFFF_FFFFL);
    page[index & Buckets.PAGE_MASK] = (int) total;
    long carried = (total >>> Integer.SIZE) + (more >>> Integer.SIZE);
    if (carried != 0) {
      addHigh(index, (int) carried);
    }
  }

  private void addHigh(int index, int more) {
    if (high == NO_PAGES) {
      high = noPages();
    }
    int number = index >>> Buckets.PAGE_BITS;
    if (high[number] == NONE) {
      high[number] = pool.takeZeroed();
    }
    high[number][index & Buckets.PAGE_MASK] += more;
  }

  private void addPages(ValueCounts other) {
    for (int number = 0; number < Buckets.PAGES; number++) {
      int[] theirs = other.low[number];
      if (theirs == NONE) {
        continue;
      }
      if (low[number] == NONE) {
        low[number] = pool.take();
        System.arraycopy(theirs, 0, low[number], 0, Buckets.PAGE_SIZE);
      } else {
        addPage(number, theirs);
      }
    }
    for (int number = 0; number < other.high.length; number++) {
      int[] theirs = other.high[number];
      for (int i = 0; i < theirs.length; i++) {
        if (theirs[i] != 0) {
          addHigh((number << Buckets.PAGE_BITS) + i, theirs[i]);
        }
      }
    }
  }

  private void addPage(int number, int[] theirs) {
    int[] ours = low[number];
    for (int i = 0; i < Buckets.PAGE_SIZE; i++) {
      int total = ours[i] + theirs[i];
      ours[i] = total;
      if (Integer.compareUnsigned(total, theirs[i]) < 0) {
        addHigh((number << Buckets.PAGE_BITS) + i, 1);
      }
    }
  }

  private OrderedCounts ordered() {
    OrderedCounts ordered = pool.ordered();
    if (ordered.holds(this)) {
      return ordered;
    }
    ordered.begin(this);
    if (!paged) {
      ordered.addRaw(raw, (int) count);
      return ordered;
    }
    for (int number = 0; number < Buckets.PAGES; number++) {
      int[] page = low[number];
      int[] above = high == NO_PAGES ? NONE : high[number];
      int first = number << Buckets.PAGE_BITS;
      for (int i = 0; i < page.length; i++) {
        long total = Integer.toUnsignedLong(page[i]);
        if (above != NONE) {
          total |= (long) above[i] << Integer.SIZE;
        }
        if (total != 0) {
          ordered.add(first + i, total);
        }
      }
    }
    return ordered;
  }

  private void readPages(ByteReader state) {
    long values = bounded(state, "the number of values", 1, Long.MAX_VALUE);
    long total = bounded(state, "their sum", values, Long.MAX_VALUE);
    long smallest = bounded(state, "the smallest value", Buckets.LOWEST, Buckets.HIGHEST);
    long largest = bounded(state, "the largest value", smallest, Buckets.HIGHEST);
    int first = Buckets.indexOf(smallest);
    int last = Buckets.indexOf(largest);
    turnToPages();
    int size = (int) bounded(state, "the number of buckets", 1, Buckets.COUNT);
    int index = 0;
    long rest = values;
    for (int i = 0; i < size; i++) {
      index += (int) bounded(state, "the step to a bucket", i == 0 ? first : 1, last - index);
      long here = bounded(state, "the count of a bucket", 1, rest);
      add(index, here);
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
    long value = state.readUnsigned();
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

  private void giveBackPages(int[][] pages) {
    for (int[] page : pages) {
      if (page != NONE) {
        pool.giveBack(page);
      }
    }
  }

  private static int[][] noPages() {
    int[][] pages = new int[Buckets.PAGES][];
    Arrays.fill(pages, NONE);
    return pages;
  }

  private static long pageBytes(int[][] pages) {
    long bytes = arrayBytes(pages.length);
    for (int[] page : pages) {
      bytes += arrayBytes(page.length);
    }
    return bytes;
  }
}
