package io.tailrace.aggregator.topology;

import io.tailrace.aggregator.run.Counters;
import io.tailrace.aggregator.run.Outbox;
import io.tailrace.record.DeadLetter;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Violation;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What was decided since the last commit: encoded at once, so that no byte depends on when the
 * commit comes; sent with the commit, so that no record leaves whose input may be read again.
 */
final class PendingOutput implements Outbox {
  private final Topics topics;
  private final AvroSerializer<SpecificRecord> serializer;
  private final Counters counters;
  private final List<Pending> records = new ArrayList<>();
  private long timestamp;
  private long bytes;
  private boolean hasWindows;
  private long latestEndMicros;
  private String lastRun = "";
  private byte[] lastKey = {};

  private record Pending(String sink, Record<byte[], byte[]> record) {}

  PendingOutput(Topics topics, AvroSerializer<SpecificRecord> serializer, Counters counters) {
    this.topics = topics;
    this.serializer = serializer;
    this.counters = counters;
  }

  /** Sets the time of the record at hand, which what it decides inherits. */
  void at(long timestamp) {
    this.timestamp = timestamp;
  }

  @Override
  public void window(String run, long endMicros, byte[] value) {
    counters.windows().increment();
    hasWindows = true;
    latestEndMicros = Math.max(latestEndMicros, endMicros);
    // Thousands of windows of one run come one after another.
    if (!run.equals(lastRun)) {
      lastRun = run;
      lastKey = utf8(run);
    }
    add(AggregatorTopology.WINDOWS, lastKey, value);
  }

  @Override
  public void event(String key, RunEvent event) {
    add(AggregatorTopology.RUNS, utf8(key), serializer.serialize(topics.runs(), event));
  }

  @Override
  public void eraseEvent(String key) {
    add(AggregatorTopology.RUNS, utf8(key), null);
  }

  @Override
  public void summary(RunSummary summary) {
    hasWindows = true;
    add(
        AggregatorTopology.SUMMARIES,
        utf8(summary.getRun()),
        ShortSummary.fit(summary, shorter -> serializer.serialize(topics.summaries(), shorter)));
  }

  @Override
  public void violation(Violation violation) {
    add(
        AggregatorTopology.VIOLATIONS,
        utf8(violation.getRun()),
        serializer.serialize(topics.violations(), violation));
  }

  @Override
  public void command(RunCommand command) {
    add(
        AggregatorTopology.COMMANDS,
        utf8(command.getRun()),
        serializer.serialize(topics.commands(), command));
  }

  void deadLetter(byte @Nullable [] key, DeadLetter letter) {
    counters.deadLetters().increment();
    add(AggregatorTopology.DEAD_LETTERS, key, serializer.serialize(topics.deadLetters(), letter));
  }

  /** Whether a window or a summary waits to be sent. */
  boolean hasWindows() {
    return hasWindows;
  }

  /** The end of the latest window that waits, or 0. */
  long latestEndMicros() {
    return latestEndMicros;
  }

  long bytes() {
    return bytes;
  }

  void sendAll(ProcessorContext<byte[], byte[]> context, Faults faults) {
    for (int i = 0; i < records.size(); i++) {
      if (i == records.size() / 2) {
        faults.reached(Faults.Point.MID_FORWARD, context.taskId());
      }
      Pending one = records.get(i);
      context.forward(one.record, one.sink);
    }
    clear();
  }

  void clear() {
    records.clear();
    bytes = 0;
    hasWindows = false;
    latestEndMicros = 0;
  }

  private void add(String sink, byte @Nullable [] key, byte @Nullable [] value) {
    records.add(new Pending(sink, new Record<>(key, value, timestamp)));
    bytes += 64 + (value == null ? 0 : value.length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
