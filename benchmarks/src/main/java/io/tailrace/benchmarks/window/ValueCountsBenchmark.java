package io.tailrace.benchmarks.window;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.aggregator.window.PagePool;
import io.tailrace.aggregator.window.ValueCounts;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One histogram of one series' window, from a handful of values to a busy second's worth.
 *
 * <p>{@code record*} are per window of that many values, the emptying of the last one included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class ValueCountsBenchmark {
  private static final long HOUR_MICROS = 3_600_000_000L;

  @Param({"100", "500", "50000"})
  public int values;

  private final PagePool pool = new PagePool(256);
  private final ByteWriter state = new ByteWriter();
  private final ValueCounts counts = new ValueCounts(pool);
  private final ValueCounts merged = new ValueCounts(pool);
  private final ValueCounts scratch = new ValueCounts(pool);
  private final Histogram histogram = new Histogram(1, HOUR_MICROS, 3);
  private final Histogram mergedHistogram = new Histogram(1, HOUR_MICROS, 3);
  private final Histogram scratchHistogram = new Histogram(1, HOUR_MICROS, 3);
  private long[] micros = {};
  private byte[] stored = {};
  private byte[] storedHistogram = {};

  /** Log-normal latencies around 10 milliseconds. */
  @Setup(Level.Trial)
  public void fill() {
    Random random = new Random(1);
    micros = random.doubles(values).mapToLong(any -> micros(random)).toArray();
    for (long value : micros) {
      counts.record(value);
      histogram.recordValue(value);
    }
    counts.writeTo(state);
    stored = state.toByteArray();
    storedHistogram = encoded();
  }

  @Benchmark
  public long recordWindow() {
    scratch.reset();
    for (long value : micros) {
      scratch.record(value);
    }
    return scratch.count();
  }

  @Benchmark
  public long recordWindowHdrHistogram() {
    scratchHistogram.reset();
    for (long value : micros) {
      scratchHistogram.recordValue(value);
    }
    return scratchHistogram.getTotalCount();
  }

  @Benchmark
  public long merge() {
    merged.addAll(counts);
    return merged.count();
  }

  @Benchmark
  public long mergeHdrHistogram() {
    mergedHistogram.add(histogram);
    return mergedHistogram.getTotalCount();
  }

  /** Statistics and frame, as a window that closes needs them. */
  @Benchmark
  public Object publish() {
    // One more value each time, or the order taken for the last time would be used again.
    scratch.reset();
    scratch.addAll(counts);
    Object distribution = scratch.distribution();
    return scratch.frame().length > 0 && distribution != null;
  }

  @Benchmark
  public double publishHdrHistogram() {
    double statistics = histogram.getMean() + histogram.getStdDeviation();
    for (double percent : new double[] {50, 75, 90, 95, 99, 99.9}) {
      statistics += histogram.getValueAtPercentile(percent);
    }
    return statistics + encoded().length;
  }

  @Benchmark
  public int encodeState() {
    scratch.reset();
    scratch.addAll(counts);
    state.clear();
    scratch.writeTo(state);
    return state.size();
  }

  @Benchmark
  public int encodeStateHdrHistogram() {
    return encoded().length;
  }

  @Benchmark
  public long decodeState() {
    scratch.readFrom(new ByteReader(stored));
    return scratch.count();
  }

  @Benchmark
  public long decodeStateHdrHistogram() throws DataFormatException {
    return Histogram.decodeFromByteBuffer(ByteBuffer.wrap(storedHistogram), HOUR_MICROS)
        .getTotalCount();
  }

  private byte[] encoded() {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    byte[] bytes = new byte[histogram.encodeIntoByteBuffer(buffer)];
    buffer.flip().get(bytes);
    return bytes;
  }

  private static long micros(Random random) {
    return (long) Math.min(HOUR_MICROS, 1 + Math.exp(9.2 + 0.6 * random.nextGaussian()));
  }
}
