package io.tailrace.benchmarks.window;

import io.tailrace.aggregator.window.AggregateEncoder;
import io.tailrace.aggregator.window.BatchRecorder;
import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.aggregator.window.CellTimes;
import io.tailrace.aggregator.window.ErrorTable;
import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.aggregator.window.PagePool;
import io.tailrace.aggregator.window.SeriesCell;
import io.tailrace.aggregator.window.SeriesTable;
import io.tailrace.aggregator.window.WindowFacts;
import io.tailrace.benchmarks.wire.OneSchema;
import io.tailrace.record.SampleBatch;
import io.tailrace.wire.SampleBatchReader;
import io.tailrace.wire.SampleBatchWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole window of all series, beside HdrHistograms of response and service time alone.
 *
 * <p>{@code record*} are per sample, and include a new window for every {@value #SAMPLES} samples;
 * all others are per window of that many samples. HdrHistogram has no counts by status, no errors
 * and no bytes in it, and so has less to do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class WindowBenchmark {
  static final int SAMPLES = 250_000;

  private static final int BATCH = 500;
  private static final long HOUR_MICROS = 3_600_000_000L;
  private static final long SECOND = 1_000_000L;
  private static final long START_MICROS = 1_790_000_000_000_000L;
  private static final int SCHEMA = OneSchema.ID;

  @Param({"20", "200"})
  public int series;

  private final PagePool pool = new PagePool(16 * 1024);
  private final SeriesTable names = new SeriesTable(2_000);
  private final ErrorTable errors = new ErrorTable();
  private final BatchRecorder recorder = new BatchRecorder();
  private final AggregateEncoder encoder = new AggregateEncoder(2);
  private final byte[] identity = AggregateEncoder.identity("run", null);
  private final ByteWriter state = new ByteWriter();
  private final List<SampleBatchReader> batches = new ArrayList<>();
  private LiveWindow filled = newWindow();
  private LiveWindow merged = newWindow();
  private int merges;
  private byte[] stored = {};
  private Histogram[] filledHistograms = {};
  private Histogram[] mergedHistograms = {};
  private Histogram[] scratchHistograms = {};
  private byte[][] storedHistograms = {};

  /** Batches of 500 samples that make up a second: an eighth sent late, one in 128 failed. */
  @Setup(Level.Trial)
  public void fill() {
    Random random = new Random(1);
    SampleBatchWriter writer = new SampleBatchWriter(SCHEMA);
    for (int number = 0; number < SAMPLES / BATCH; number++) {
      SampleBatchReader reader =
          new SampleBatchReader(new OneSchema(SampleBatch.getClassSchema()), "samples-value");
      reader.read(batch(writer, random, number));
      batches.add(reader);
    }
    filled = record(newWindow());
    filledHistograms = histograms();
    mergedHistograms = histograms();
    scratchHistograms = histograms();
    recordHistograms(filledHistograms);
    filled.writeTo(state, errors, () -> {});
    stored = state.toByteArray();
    storedHistograms =
        Arrays.stream(filledHistograms).map(WindowBenchmark::encoded).toArray(byte[][]::new);
  }

  private byte[] batch(SampleBatchWriter writer, Random random, int number) {
    writer.begin("run", "node", START_MICROS);
    int[] fine = new int[series];
    int[] failed = new int[series];
    for (int i = 0; i < series; i++) {
      int one = writer.series("GET /items/" + i, "GET", "", Map.of());
      fine[i] = writer.outcome(one, 200, null);
      failed[i] = writer.outcome(one, 500, "HTTP 500");
    }
    long from = START_MICROS + number * SECOND / (SAMPLES / BATCH);
    for (int i = 0; i < BATCH; i++) {
      int one = random.nextInt(series);
      long latency = (long) Math.min(60e6, 1 + Math.exp(9.2 + 0.6 * random.nextGaussian()));
      long delay = random.nextInt(8) == 0 ? random.nextInt(4096) : 0;
      int outcome = random.nextInt(128) == 0 ? failed[one] : fine[one];
      writer.sample(
          outcome, from + i, latency, delay, latency / 2, 0, 180, 900 + random.nextInt(1024));
    }
    return writer.finish(number, (long) number * BATCH, 0, from, from);
  }

  private LiveWindow newWindow() {
    return new LiveWindow(pool, START_MICROS, SECOND, false);
  }

  private LiveWindow record(LiveWindow window) {
    for (SampleBatchReader batch : batches) {
      recorder.record(batch, names, errors, at -> window, SECOND, 0, 0, Long.MAX_VALUE - 1);
    }
    return window;
  }

  /** Response and service time of each series, one after the other. */
  private Histogram[] histograms() {
    Histogram[] histograms = new Histogram[2 * series];
    Arrays.setAll(histograms, any -> new Histogram(1, HOUR_MICROS, 3));
    return histograms;
  }

  private void recordHistograms(Histogram[] histograms) {
    for (SampleBatchReader batch : batches) {
      int[] outcomes = batch.outcomes();
      long[] latencies = batch.latencyMicros();
      long[] delays = batch.delayMicros();
      for (int i = 0; i < batch.sampleCount(); i++) {
        int one = batch.outcomeSeries(outcomes[i]);
        histograms[2 * one].recordValue(latencies[i] + delays[i]);
        histograms[2 * one + 1].recordValue(latencies[i]);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public long record() {
    LiveWindow window = record(newWindow());
    long bytes = window.retainedBytes();
    window.recycle();
    return bytes;
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public long recordHdrHistogram() {
    for (Histogram one : scratchHistograms) {
      one.reset();
    }
    recordHistograms(scratchHistograms);
    return scratchHistograms[0].getTotalCount();
  }

  @Benchmark
  public long merge() {
    // Ten seconds of one make a window of the next width.
    if (merges++ % 10 == 0) {
      merged.recycle();
      merged = newWindow();
    }
    merged.addAll(filled);
    return merged.seriesBound();
  }

  @Benchmark
  public long mergeHdrHistogram() {
    for (int i = 0; i < filledHistograms.length; i++) {
      mergedHistograms[i].add(filledHistograms[i]);
    }
    return mergedHistograms[0].getTotalCount();
  }

  /** Statistics, histograms and all the rest, as records that are published. */
  @Benchmark
  public long encode() {
    WindowFacts facts = new WindowFacts(START_MICROS, SECOND, false, false, 4, 4, true, SECOND);
    long bytes = 0;
    for (int number = 0; number < filled.seriesBound(); number++) {
      SeriesCell cell = filled.cellOrNull(number);
      if (cell != null) {
        try (CellTimes times = cell.times()) {
          bytes +=
              encoder.encode(identity, names.encoded(number), facts, filled, cell, times, 0, errors)
                  .length;
        }
      }
    }
    return bytes;
  }

  @Benchmark
  public double encodeHdrHistogram() {
    double sum = 0;
    for (Histogram one : filledHistograms) {
      sum += one.getMean() + one.getStdDeviation();
      for (double percent : new double[] {50, 75, 90, 95, 99, 99.9}) {
        sum += one.getValueAtPercentile(percent);
      }
      sum += encoded(one).length;
    }
    return sum;
  }

  /** As it is kept for a restart. */
  @Benchmark
  public int encodeState() {
    state.clear();
    filled.writeTo(state, errors, () -> {});
    return state.size();
  }

  @Benchmark
  public long decodeState() {
    LiveWindow window = newWindow();
    window.readFrom(new ByteReader(stored), errors);
    long bound = window.seriesBound();
    window.recycle();
    return bound;
  }

  @Benchmark
  public long decodeStateHdrHistogram() throws DataFormatException {
    long samples = 0;
    for (byte[] one : storedHistograms) {
      samples += Histogram.decodeFromByteBuffer(ByteBuffer.wrap(one), HOUR_MICROS).getTotalCount();
    }
    return samples;
  }

  private static byte[] encoded(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    byte[] bytes = new byte[histogram.encodeIntoByteBuffer(buffer)];
    buffer.flip().get(bytes);
    return bytes;
  }
}
