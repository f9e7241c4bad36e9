package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.AggregateEncoder;
import io.tailrace.aggregator.window.BatchRecorder;
import io.tailrace.aggregator.window.PagePool;
import io.tailrace.record.Aggregate;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Violation;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.wire.RecordModel;
import io.tailrace.wire.SampleBatchReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.jspecify.annotations.Nullable;

/** Runs over a log, saved and taken up again wherever a test says. */
final class Replayed implements Outbox {
  static final int BATCH_SCHEMA = 1;

  final List<byte[]> windows = new ArrayList<>();
  final List<String> told = new ArrayList<>();
  final List<RunSummary> summaries = new ArrayList<>();

  private final TreeMap<byte[], byte[]> stored =
      new TreeMap<>(Comparator.comparing(bytes -> bytes, Arrays::compareUnsigned));
  private final RunRules rules;
  private Runs runs;
  private StagedState staged;

  Replayed(RunRules rules) {
    this.rules = rules;
    staged = new StagedState(storage());
    runs = new Runs(workshop(), staged);
  }

  /** Takes the whole log; saves after these entries, and starts anew from there after those. */
  Replayed take(List<LogOfRuns.Entry> log, IntPredicate saves, IntPredicate restarts) {
    SampleBatchReader reader = new SampleBatchReader(new OneSchema(), "samples-value");
    for (int i = 0; i < log.size(); i++) {
      LogOfRuns.Entry entry = log.get(i);
      if (!entry.isTick()) {
        reader.read(entry.value());
        runs.accept(reader, entry.appendMicros());
      }
      runs.pass(entry.appendMicros());
      boolean restart = restarts.test(i);
      if (restart || saves.test(i)) {
        runs.save();
        staged.save();
      }
      if (restart) {
        staged = new StagedState(storage());
        runs = new Runs(workshop(), staged);
        runs.load();
      }
    }
    runs.save();
    staged.save();
    return this;
  }

  List<Aggregate> aggregates() {
    Schema schema = Aggregate.getClassSchema();
    SpecificDatumReader<Aggregate> reader =
        new SpecificDatumReader<>(schema, schema, RecordModel.INSTANCE);
    return windows.stream()
        .map(
            value -> {
              try {
                return reader.read(
                    null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  /** Everything that was told, byte for byte. */
  List<String> everything() {
    List<String> all = new ArrayList<>(told);
    windows.forEach(value -> all.add(Arrays.toString(value)));
    return all;
  }

  int storedEntries() {
    return stored.size();
  }

  int largestEntry() {
    return stored.values().stream().mapToInt(value -> value.length).max().orElse(0);
  }

  private Workshop workshop() {
    return new Workshop(
        rules,
        new PagePool(1_000),
        new BatchRecorder(),
        new AggregateEncoder(2),
        this,
        Counters.create(),
        List::of);
  }

  private StateStorage storage() {
    return new StateStorage() {
      @Override
      public byte @Nullable [] get(byte[] key) {
        return stored.get(key);
      }

      @Override
      public void put(byte[] key, byte[] value) {
        stored.put(key, value);
      }

      @Override
      public void delete(byte[] key) {
        stored.remove(key);
      }

      @Override
      public void scan(byte[] prefix, BiConsumer<byte[], byte[]> entry) {
        new ArrayList<>(stored.entrySet())
            .forEach(
                one -> {
                  byte[] key = one.getKey();
                  if (ByteBuffer.wrap(key, 0, Math.min(key.length, prefix.length))
                      .equals(ByteBuffer.wrap(prefix))) {
                    entry.accept(key, one.getValue());
                  }
                });
      }
    };
  }

  @Override
  public void window(String run, long endMicros, byte[] value) {
    windows.add(value);
  }

  @Override
  public void event(String key, RunEvent event) {
    told.add(key + " " + event);
  }

  @Override
  public void eraseEvent(String key) {
    told.add(key + " erased");
  }

  @Override
  public void summary(RunSummary summary) {
    summaries.add(summary);
    told.add(summary.toString());
  }

  @Override
  public void violation(Violation violation) {
    told.add(violation.toString());
  }

  @Override
  public void command(RunCommand command) {
    told.add(command.toString());
  }

  private static final class OneSchema implements SchemaRegistry {
    @Override
    public int register(String subject, Schema schema) {
      return BATCH_SCHEMA;
    }

    @Override
    public Schema byId(int id) {
      return SampleBatch.getClassSchema();
    }

    @Override
    public int idOf(String subject, Schema schema) {
      return BATCH_SCHEMA;
    }
  }
}
