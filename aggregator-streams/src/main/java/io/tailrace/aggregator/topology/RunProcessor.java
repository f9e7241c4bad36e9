package io.tailrace.aggregator.topology;

import io.tailrace.aggregator.run.Runs;
import io.tailrace.aggregator.run.StagedState;
import io.tailrace.aggregator.run.Workshop;
import io.tailrace.aggregator.topology.BatchIntake.Refusal;
import io.tailrace.aggregator.window.AggregateEncoder;
import io.tailrace.aggregator.window.BatchRecorder;
import io.tailrace.aggregator.window.PagePool;
import io.tailrace.record.DeadLetter;
import io.tailrace.wire.AvroSerializer;
import io.tailrace.wire.SampleBatchReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records of one partition in their order. Everything it decides it decides while it
 * takes a record; everything leaves it in the commit hook.
 */
final class RunProcessor implements Processor<byte[], byte[], byte[], byte[]>, LiveStore.Live {
  // Leaves room for the letter around the value in a record of a mebibyte.
  private static final int MOST_LETTER_BYTES = 900_000;
  private static final int MOST_KEY_BYTES = 8 * 1024;
  private static final int POOLED_PAGES = 4 * 1024;

  private final AggregatorParts parts;
  private final FailedBatches failed;
  private @Nullable Task task;
  private boolean savedLast;

  /** What exists between the start of a task and its end. */
  private record Task(
      ProcessorContext<byte[], byte[]> context,
      KeyValueStore<Bytes, byte[]> content,
      InputFence fence,
      BatchIntake intake,
      PendingOutput pending,
      StagedState staged,
      Runs runs,
      CommitPace pace,
      PartitionStatus status) {}

  RunProcessor(AggregatorParts parts, FailedBatches failed) {
    this.parts = parts;
    this.failed = failed;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    LiveStore store = context.getStateStore(AggregatorTopology.LIVE_STORE);
    KeyValueStore<Bytes, byte[]> content = store.bind(this, context);
    PendingOutput pending =
        new PendingOutput(parts.topics(), new AvroSerializer<>(parts.registry()), parts.counters());
    Workshop workshop =
        new Workshop(
            parts.rules(),
            new PagePool(POOLED_PAGES),
            new BatchRecorder(),
            new AggregateEncoder(parts.aggregateSchemaId()),
            pending,
            parts.counters(),
            parts.ruleSets());
    StagedState staged = new StagedState(new StoredState(content));
    Runs runs = new Runs(workshop, staged);
    InputFence fence =
        new InputFence(
            parts.skipped(), parts.counters(), !parts.faults().isWithout(Faults.Safeguard.FENCE));
    fence.load(content);
    runs.load();
    SampleBatchReader batch = new SampleBatchReader(parts.registry(), parts.samplesSubject());
    PartitionStatus status = parts.board().open(context.taskId().partition());
    task =
        new Task(
            context,
            content,
            fence,
            new BatchIntake(batch, parts.partitions(), parts.stopping()),
            pending,
            staged,
            runs,
            new CommitPace(),
            status);
    publishStatus(task, 0);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Task task = running();
    reachRecord(task);
    RecordMetadata metadata = task.context.recordMetadata().orElseThrow();
    long appendMicros = TimeUnit.MILLISECONDS.toMicros(record.timestamp());
    task.fence.pass(metadata, appendMicros);
    long logMicros = task.fence.logMicros();
    task.pending.at(record.timestamp());
    if (record.value() == null) {
      parts.counters().ticks().increment();
    } else {
      take(task, record, metadata, logMicros);
    }
    task.runs.pass(logMicros);
    long nowNanos = System.nanoTime();
    task.status.read(task.fence.next(), logMicros, nowNanos);
    long waiting = task.pending.bytes() + task.staged.stagedBytes();
    if (task.pace.isDue(task.pending.hasWindows(), waiting, logMicros, nowNanos)) {
      task.context.commit();
    }
  }

  private void reachRecord(Task task) {
    if (savedLast) {
      savedLast = false;
      parts.faults().reached(Faults.Point.AFTER_COMMIT, task.context.taskId());
    }
    parts.faults().reached(Faults.Point.RECORD, task.context.taskId());
  }

  private void take(
      Task task, Record<byte[], byte[]> record, RecordMetadata metadata, long logMicros) {
    Refusal refusal = task.intake.read(record.key(), record.value(), metadata.partition());
    SampleBatchReader batch = task.intake.batch();
    if (refusal == null) {
      String full = task.runs.refusal(batch);
      refusal = full == null ? null : new Refusal("too-many", full);
    }
    if (refusal == null && failed.isGivenUp(metadata.partition(), metadata.offset())) {
      refusal = new Refusal("not-applied", failed.what(metadata.partition()));
    }
    if (refusal == null) {
      apply(task, batch, metadata, logMicros);
    } else {
      task.runs.quarantine(record.key());
      DeadLetter letter = letter(record, metadata, refusal);
      task.pending.deadLetter(cut(record.key(), MOST_KEY_BYTES), letter);
    }
  }

  /**
   * What a failing batch has left half done is gone with the thread. The next one starts from what
   * was committed and gives the batch up when its turn has come often enough.
   */
  private void apply(Task task, SampleBatchReader batch, RecordMetadata metadata, long logMicros) {
    try {
      parts.faults().reached(Faults.Point.APPLY, task.context.taskId());
      task.runs.accept(batch, logMicros);
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      failed.note(metadata.partition(), metadata.offset(), e);
      throw e;
    }
  }

  private static DeadLetter letter(
      Record<byte[], byte[]> record, RecordMetadata metadata, Refusal refusal) {
    byte[] key = cut(record.key(), MOST_KEY_BYTES);
    byte[] value = cut(record.value(), MOST_LETTER_BYTES);
    return DeadLetter.newBuilder()
        .setTopic(metadata.topic())
        .setPartition(metadata.partition())
        .setOffset(metadata.offset())
        .setAppendMicros(TimeUnit.MILLISECONDS.toMicros(record.timestamp()))
        .setComponent("aggregator")
        .setReason(refusal.reason())
        .setDetail(refusal.detail())
        .setKey(key == null ? null : ByteBuffer.wrap(key))
        .setValue(ByteBuffer.wrap(value == null ? new byte[0] : value))
        .setTruncated(key != record.key() || value != record.value())
        .build();
  }

  private static byte @Nullable [] cut(byte @Nullable [] bytes, int most) {
    return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
  }

  /** State first, then what was decided: whatever is sent is also remembered as sent. */
  @Override
  public void save() {
    Task task = this.task;
    if (task == null) {
      return;
    }
    Faults faults = parts.faults();
    faults.reached(Faults.Point.BEFORE_SAVE, task.context.taskId());
    long sent = task.pending.bytes();
    if (task.pending.latestEndMicros() > 0) {
      long nowMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
      task.status.closed(nowMicros - task.pending.latestEndMicros());
    }
    task.runs.save();
    task.staged.save();
    task.fence.save(task.content);
    task.pending.sendAll(task.context, faults);
    parts.counters().saves().increment();
    publishStatus(task, sent);
    faults.reached(Faults.Point.AFTER_SAVE, task.context.taskId());
    savedLast = true;
  }

  /** What is on the heap belongs to a transaction that will not be, or to another owner. */
  @Override
  public void forget() {
    Task task = this.task;
    this.task = null;
    if (task != null) {
      task.pending.clear();
      parts.board().close(task.status);
    }
  }

  @Override
  public void close() {
    forget();
  }

  private static void publishStatus(Task task, long sentBytes) {
    task.status.saved(
        task.runs.openCount(),
        task.runs.openWindows(),
        task.runs.openDeadlineMicros(),
        task.runs.retainedBytes(),
        sentBytes);
  }

  private Task running() {
    Task task = this.task;
    if (task == null) {
      throw new IllegalStateException("a record before the task was started or after it ended");
    }
    return task;
  }
}
