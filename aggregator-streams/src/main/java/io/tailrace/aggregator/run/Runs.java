package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.wire.SampleBatchReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All runs of one partition: those that go on on the heap, those that ended by name. */
public final class Runs {
  /** There is nothing to wait for. */
  public static final long NO_DEADLINE = Run.NO_DEADLINE;

  private static final byte INDEX = 'I';
  private static final int MOST_OPEN = 10_000;

  private final Workshop workshop;
  private final StagedState state;
  // Ordered, so that what several runs decide at one moment is always told in the same order.
  private final Map<String, Entry> entries = new TreeMap<>();
  private long deadlineMicros = Long.MIN_VALUE;
  private int open;

  /** What is known of a run without loading it. */
  private static final class Entry {
    @Nullable Run run;
    boolean ended;
    long endedMicros;
    boolean wasOverflowing;
  }

  public Runs(Workshop workshop, StagedState state) {
    this.workshop = workshop;
    this.state = state;
  }

  /** Takes up what was saved. */
  public void load() {
    state.scanStored(
        new byte[] {INDEX},
        (key, value) -> {
          String id = new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
          ByteReader saved = new ByteReader(value);
          Entry entry = new Entry();
          entry.ended = saved.readBoolean();
          entry.endedMicros = saved.readLong();
          entries.put(id, entry);
        });
    entries.forEach(
        (id, entry) -> {
          if (!entry.ended) {
            entry.run = Run.load(id, workshop, state);
            open++;
          }
        });
  }

  /** Why a batch can not be taken in, or null when it can. */
  public @Nullable String refusal(SampleBatchReader batch) {
    Entry entry = entries.get(batch.run());
    if (entry == null && open >= MOST_OPEN) {
      return MOST_OPEN + " runs are open in this partition already";
    }
    if (entry != null && !open(batch.run(), entry).hasRoomFor(batch.node(), batch.epochMicros())) {
      return "the run has had " + workshop.rules().mostLives() + " lives of nodes already";
    }
    return null;
  }

  /** Takes a batch that can be taken in. */
  public void accept(SampleBatchReader batch, long appendMicros) {
    String id = batch.run();
    Entry entry = entries.get(id);
    if (entry == null) {
      entry = new Entry();
      entries.put(id, entry);
      open++;
      entry.run = Run.open(id, workshop, state, batch, appendMicros);
      index(id, entry);
    }
    Run run = open(id, entry);
    run.accept(batch, appendMicros);
    if (run.isOverflowing() && !entry.wasOverflowing) {
      entry.wasOverflowing = true;
      workshop.counters().overflowingRuns().increment();
    }
    note(id, entry, run);
  }

  /** Notes that a record under this key could not be read as a batch. */
  public void quarantine(byte @Nullable [] key) {
    Entry entry = key == null ? null : entries.get(new String(key, StandardCharsets.UTF_8));
    if (entry != null && entry.run != null) {
      entry.run.quarantine();
    }
  }

  /** Lets the log's time pass for all runs. */
  public void pass(long nowMicros) {
    if (nowMicros < deadlineMicros) {
      return;
    }
    deadlineMicros = NO_DEADLINE;
    for (Map.Entry<String, Entry> one : List.copyOf(entries.entrySet())) {
      Entry entry = one.getValue();
      Run run = entry.run;
      if (run != null) {
        run.pass(nowMicros);
        note(one.getKey(), entry, run);
      }
      if (entry.ended) {
        long until = entry.endedMicros + workshop.rules().rememberMicros();
        if (until <= nowMicros) {
          forget(one.getKey(), entry);
        } else {
          deadlineMicros = Math.min(deadlineMicros, until);
        }
      }
    }
  }

  /** Stages all that changed; runs that have ended leave the heap. */
  public void save() {
    workshop.tally().handOver();
    for (Entry entry : entries.values()) {
      Run run = entry.run;
      if (run != null) {
        run.save();
        if (entry.ended) {
          run.recycle();
          entry.run = null;
        }
      }
    }
  }

  /** When an open run next has something to decide, by the log's time. */
  public long openDeadlineMicros() {
    long deadline = NO_DEADLINE;
    if (open > 0) {
      for (Entry entry : entries.values()) {
        if (entry.run != null) {
          deadline = Math.min(deadline, entry.run.deadlineMicros());
        }
      }
    }
    return deadline;
  }

  public int openCount() {
    return open;
  }

  public int openWindows() {
    return entries.values().stream()
        .mapToInt(entry -> entry.run == null ? 0 : entry.run.openWindows())
        .sum();
  }

  public long retainedBytes() {
    return entries.values().stream()
        .mapToLong(entry -> entry.run == null ? 0 : entry.run.retainedBytes())
        .sum();
  }

  private Run open(String id, Entry entry) {
    Run run = entry.run;
    if (run == null) {
      run = Run.load(id, workshop, state);
      if (run == null) {
        throw new IllegalStateException("run " + id + " is known, but its state is missing");
      }
      entry.run = run;
    }
    return run;
  }

  private void note(String id, Entry entry, Run run) {
    if (entry.ended != run.isEnded() || entry.endedMicros != run.endedMicros()) {
      open += entry.ended == run.isEnded() ? 0 : run.isEnded() ? -1 : 1;
      entry.ended = run.isEnded();
      entry.endedMicros = run.endedMicros();
      index(id, entry);
    }
    long deadline =
        entry.ended ? entry.endedMicros + workshop.rules().rememberMicros() : run.deadlineMicros();
    deadlineMicros = Math.min(deadlineMicros, deadline);
  }

  private void forget(String id, Entry entry) {
    if (entry.run != null) {
      entry.run.recycle();
    }
    state.deleteAll(new StateKey(id).run());
    state.delete(indexKey(id));
    entries.remove(id);
  }

  private void index(String id, Entry entry) {
    ByteWriter saved = new ByteWriter(16);
    saved.writeBoolean(entry.ended);
    saved.writeLong(entry.endedMicros);
    state.put(indexKey(id), saved);
  }

  private static byte[] indexKey(String id) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(name.length + 1).put(INDEX).put(name).array();
  }
}
