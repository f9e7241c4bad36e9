package io.tailrace.benchmarks.aggregate;

import io.tailrace.aggregator.run.Counters;
import io.tailrace.aggregator.run.Outbox;
import io.tailrace.aggregator.run.RunRules;
import io.tailrace.aggregator.run.Runs;
import io.tailrace.aggregator.run.StagedState;
import io.tailrace.aggregator.run.StateStorage;
import io.tailrace.aggregator.run.Workshop;
import io.tailrace.aggregator.window.AggregateEncoder;
import io.tailrace.aggregator.window.BatchRecorder;
import io.tailrace.aggregator.window.PagePool;
import io.tailrace.benchmarks.wire.OneSchema;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Violation;
import io.tailrace.topics.Topics;
import io.tailrace.wire.SampleBatchReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The aggregator's own work on batches in memory, without Kafka around it, beside decoding alone
 * and the bare consumer on the same bytes: says within seconds where the time goes.
 */
final class AggregateLoop {
  private static final long START_MICROS = 1_790_000_000_000_000L;
  private static final int SCHEMA = OneSchema.ID;
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MUCH_BYTES = 8 << 20;
  private static final int PASSES = 7;
  // Of the thread and not of the clock: on a machine with other work the figures still hold.
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final byte[][] batches;
  private final int samples;
  private final PagePool pool = new PagePool(4 * 1024);

  /** A run of a million samples a second of event time. */
  AggregateLoop(int series, int nodes, int samplesPerBatch, long samples) {
    batches = batches(series, nodes, samplesPerBatch, samples);
    this.samples = batches.length * samplesPerBatch;
  }

  /** Goes over all of it several times in each way; returns the median nanoseconds a sample. */
  Map<String, Double> nanosASample() {
    Map<String, Double> nanos = new LinkedHashMap<>();
    nanos.put("decoding alone", median(() -> decode(batches)));
    BareConsumer bare =
        new BareConsumer(new OneSchema(SampleBatch.getClassSchema()), Topics.withPrefix(""));
    nanos.put("bare consumer", median(() -> bare(bare, batches)));
    nanos.put("aggregator", median(() -> aggregate(batches, pool)));
    return nanos;
  }

  /** The later half of the passes: in the earlier one, it is compiled. */
  private double median(LongSupplier pass) {
    double[] nanos = new double[PASSES];
    for (int i = 0; i < PASSES; i++) {
      long started = THREADS.getCurrentThreadCpuTime();
      // Asked for, so that the compiler cannot leave the work out.
      if (pass.getAsLong() == 0) {
        throw new IllegalStateException("a pass that came to nothing: the figures are void");
      }
      nanos[i] = (double) (THREADS.getCurrentThreadCpuTime() - started) / samples;
    }
    double[] warm = Arrays.copyOfRange(nanos, PASSES / 2, PASSES);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }

  private static byte[][] batches(int series, int nodes, int perBatch, long samples) {
    long spanMicros = 1L * perBatch * nodes;
    int batches = (int) (samples / perBatch / nodes * nodes);
    int seconds = (int) (batches / nodes * spanMicros / 1_000_000L + 1);
    Fleet fleet = new Fleet("loop", RunMode.REPLAY, nodes, series, START_MICROS, seconds, SCHEMA);
    byte[][] all = new byte[batches][];
    for (int batch = 0; batch < batches; batch++) {
      long from = START_MICROS + batch / nodes * spanMicros;
      long to = from + spanMicros;
      all[batch] = fleet.batch(batch % nodes, from, to, perBatch, to, batch >= batches - nodes);
    }
    return all;
  }

  private static long decode(byte[][] batches) {
    SampleBatchReader reader =
        new SampleBatchReader(new OneSchema(SampleBatch.getClassSchema()), "samples-value");
    long sum = 0;
    for (byte[] batch : batches) {
      reader.read(batch);
      sum += reader.latencyMicros()[0];
    }
    return sum;
  }

  private static long bare(BareConsumer bare, byte[][] batches) {
    for (byte[] batch : batches) {
      bare.record(batch);
    }
    return bare.samples();
  }

  private static long aggregate(byte[][] batches, PagePool pool) {
    SampleBatchReader reader =
        new SampleBatchReader(new OneSchema(SampleBatch.getClassSchema()), "samples-value");
    Output output = new Output();
    StagedState staged = new StagedState(new Stored());
    Runs runs =
        new Runs(
            new Workshop(
                RunRules.defaults(),
                pool,
                new BatchRecorder(),
                new AggregateEncoder(2),
                output,
                Counters.create(),
                List::of),
            staged);
    long saved = System.nanoTime();
    for (int i = 0; i < batches.length; i++) {
      reader.read(batches[i]);
      String refusal = runs.refusal(reader);
      if (refusal != null) {
        throw new IllegalStateException(refusal);
      }
      runs.accept(reader, START_MICROS);
      runs.pass(START_MICROS);
      if (output.waiting + staged.stagedBytes() > MUCH_BYTES
          || ((i & 63) == 0 && System.nanoTime() - saved > SAVE_NANOS)) {
        runs.save();
        staged.save();
        output.waiting = 0;
        saved = System.nanoTime();
      }
    }
    runs.save();
    staged.save();
    return output.bytes;
  }

  /** Counts what leaves. */
  private static final class Output implements Outbox {
    private long bytes;
    private long waiting;

    @Override
    public void window(String run, long endMicros, byte[] value) {
      bytes += value.length;
      waiting += value.length + 64;
    }

    @Override
    public void event(String key, RunEvent event) {}

    @Override
    public void eraseEvent(String key) {}

    @Override
    public void summary(RunSummary summary) {}

    @Override
    public void violation(Violation violation) {}

    @Override
    public void command(RunCommand command) {}
  }

  /** Keeps state on the heap. */
  private static final class Stored implements StateStorage {
    private final TreeMap<byte[], byte[]> content =
        new TreeMap<>(Comparator.comparing(bytes -> bytes, Arrays::compareUnsigned));

    @Override
    public byte @Nullable [] get(byte[] key) {
      return content.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
      content.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      content.remove(key);
    }

    @Override
    public void scan(byte[] prefix, BiConsumer<byte[], byte[]> entry) {
      throw new UnsupportedOperationException("nothing is ever loaded here");
    }
  }
}
