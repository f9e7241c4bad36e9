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
import io.tailrace.wire.AvroSerializer;
import io.tailrace.wire.SampleBatchReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a thousand objectives over five hundred series cost the thread that aggregates: the same
 * requests with and without them, in turns, in one process, by processor time. Everything between
 * the bytes of a batch and the bytes of the results is in it and Kafka is not, whose share would
 * only make that of the objectives smaller.
 */
final class RulesPrice {
  private static final int SERIES = 500;
  private static final int OBJECTIVES = 1_000;
  private static final int NODES = 4;
  private static final int SAMPLES_PER_BATCH = 500;
  private static final int ROUNDS = 9;
  private static final int WARM_UP_ROUNDS = 2;
  private static final int SCHEMA_ID = OneSchema.ID;
  private static final long START_MICROS = 1_790_000_000_000_000L;
  private static final long COMMIT_MICROS = 1_000_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<byte[]> plain;
  private final List<byte[]> ruled;
  private final long samples;
  private final int eventsPerSecond;
  private long violations;

  /**
   * The figures of all rounds.
   *
   * @param ratio the median of rates with objectives by rates without
   * @param worst the lower quartile of them
   */
  record Price(
      String name,
      double samplesPerSecond,
      double plainSamplesPerSecond,
      double ratio,
      double worst,
      long violations) {
    String row() {
      return String.format(
          Locale.ROOT,
          "%-48s %14.0f  %.3f of %.0f without (median of %d; lower quartile %.3f); %d violations",
          name,
          samplesPerSecond,
          ratio,
          plainSamplesPerSecond,
          ROUNDS,
          worst,
          violations);
    }

    String json() {
      return String.format(
          Locale.ROOT,
          "{\"case\": \"%s\", \"samples_per_second\": %.0f, \"ratio_to_bare\": null,"
              + " \"ratio_to_dsl\": null, \"p50_delay_ms\": null, \"p99_delay_ms\": null,"
              + " \"heap_mb\": null, \"ratio_to_no_objectives\": %.3f}",
          name,
          samplesPerSecond,
          ratio);
    }
  }

  private RulesPrice(int eventsPerSecond, int seconds) {
    this.eventsPerSecond = eventsPerSecond;
    samples = (long) eventsPerSecond * seconds;
    plain = batches(0, seconds);
    ruled = batches(OBJECTIVES, seconds);
  }

  /** At so many requests a second of the run's own time: with fewer, windows close more often. */
  static Price measure(String name, int eventsPerSecond, int seconds) {
    return new RulesPrice(eventsPerSecond, seconds).measure(name);
  }

  private Price measure(String name) {
    List<Double> ratios = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> without = new ArrayList<>();
    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      // In turns first and second: who comes second finds the caches of the first.
      boolean plainFirst = round % 2 == 0;
      double first = rate(plainFirst ? plain : ruled);
      double second = rate(plainFirst ? ruled : plain);
      if (round >= 0) {
        with.add(plainFirst ? second : first);
        without.add(plainFirst ? first : second);
        ratios.add(with.get(round) / without.get(round));
      }
    }
    return new Price(
        name,
        quantile(with, 0.5),
        quantile(without, 0.5),
        quantile(ratios, 0.5),
        quantile(ratios, 0.25),
        violations);
  }

  private static double quantile(List<Double> values, double share) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((int) (share * (sorted.size() - 1)));
  }

  /** Samples a second of processor time. */
  private double rate(List<byte[]> batches) {
    Results results = new Results();
    StagedState state = new StagedState(new InMemory());
    Runs runs =
        new Runs(
            new Workshop(
                RunRules.defaults(),
                new PagePool(4_096),
                new BatchRecorder(),
                new AggregateEncoder(SCHEMA_ID),
                results,
                Counters.create(),
                List::of),
            state);
    SampleBatchReader reader =
        new SampleBatchReader(new OneSchema(SampleBatch.getClassSchema()), "samples-value");
    long started = threads.getCurrentThreadCpuTime();
    long saveMicros = START_MICROS + COMMIT_MICROS;
    for (byte[] batch : batches) {
      reader.read(batch);
      runs.accept(reader, reader.sentMicros());
      runs.pass(reader.sentMicros());
      if (reader.sentMicros() >= saveMicros) {
        saveMicros += COMMIT_MICROS;
        runs.save();
        state.save();
      }
    }
    runs.save();
    state.save();
    long nanos = threads.getCurrentThreadCpuTime() - started;
    if (results.counted != samples || results.bytes == 0) {
      throw new IllegalStateException(
          "counted %d of %d samples in %d bytes of results: the figures are void"
              .formatted(results.counted, samples, results.bytes));
    }
    boolean isRuled = batches == ruled;
    if (isRuled != (results.judged == OBJECTIVES)) {
      throw new IllegalStateException(results.judged + " objectives judged: the figures are void");
    }
    violations = Math.max(violations, results.violations);
    return samples * 1e9 / nanos;
  }

  private List<byte[]> batches(int objectives, int seconds) {
    Fleet fleet =
        new Fleet(
            "price",
            RunMode.REPLAY,
            NODES,
            SERIES,
            START_MICROS,
            seconds + 1,
            SCHEMA_ID,
            objectives);
    List<byte[]> batches = new ArrayList<>();
    long spanMicros = 1_000_000L * SAMPLES_PER_BATCH * NODES / eventsPerSecond;
    long count = samples / SAMPLES_PER_BATCH;
    for (long batch = 0; batch < count; batch++) {
      long from = START_MICROS + batch / NODES * spanMicros;
      long to = from + spanMicros;
      boolean last = batch >= count - NODES;
      batches.add(fleet.batch((int) (batch % NODES), from, to, SAMPLES_PER_BATCH, to, last));
    }
    return batches;
  }

  /** Encodes what it is given as the product does, and counts. */
  private static final class Results implements Outbox {
    private final AvroSerializer<SpecificRecord> serializer =
        new AvroSerializer<>(new OneSchema(SampleBatch.getClassSchema()));
    long bytes;
    long counted;
    long judged;
    long violations;

    private void encode(SpecificRecord record) {
      byte[] value = serializer.serialize("results", record);
      bytes += value == null ? 0 : value.length;
    }

    @Override
    public void window(String run, long endMicros, byte[] value) {
      bytes += value.length;
    }

    @Override
    public void event(String key, RunEvent event) {
      encode(event);
    }

    @Override
    public void eraseEvent(String key) {
      bytes += key.length();
    }

    @Override
    public void summary(RunSummary summary) {
      encode(summary);
      counted = summary.getRequests();
      judged =
          summary.getObjectives().stream()
              .filter(one -> !one.getStatus().name().equals("NOT_JUDGED"))
              .count();
    }

    @Override
    public void violation(Violation violation) {
      encode(violation);
      violations++;
    }

    @Override
    public void command(RunCommand command) {
      encode(command);
    }
  }

  /** As Kafka Streams keeps state in memory. */
  private static final class InMemory implements StateStorage {
    private final TreeMap<byte[], byte[]> entries =
        new TreeMap<>(Comparator.comparing(bytes -> bytes, Arrays::compareUnsigned));

    @Override
    public byte @Nullable [] get(byte[] key) {
      return entries.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      entries.remove(key);
    }

    @Override
    public void scan(byte[] prefix, BiConsumer<byte[], byte[]> entry) {
      for (var one : new TreeMap<>(entries.tailMap(prefix, true)).entrySet()) {
        byte[] key = one.getKey();
        if (key.length < prefix.length
            || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
          return;
        }
        entry.accept(key, one.getValue());
      }
    }
  }
}
