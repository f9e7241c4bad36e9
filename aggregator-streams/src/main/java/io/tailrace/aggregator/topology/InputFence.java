package io.tailrace.aggregator.topology;

import io.tailrace.aggregator.run.Counters;
import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which record comes next. After a task was revived, Kafka Streams can go on from where its
 * consumer had read to instead of from what was committed; nothing else would notice.
 */
final class InputFence {
  private static final Logger LOG = LoggerFactory.getLogger(InputFence.class);
  private static final Bytes KEY = Bytes.wrap(new byte[] {'F'});

  private final SkippedRecords skipped;
  private final Counters counters;
  private final boolean enabled;
  private long next;
  private long logMicros;

  InputFence(SkippedRecords skipped, Counters counters, boolean enabled) {
    this.skipped = skipped;
    this.counters = counters;
    this.enabled = enabled;
  }

  void load(KeyValueStore<Bytes, byte[]> content) {
    byte[] saved = content.get(KEY);
    next = 0;
    logMicros = 0;
    if (saved != null) {
      ByteReader reader = new ByteReader(saved);
      next = reader.readUnsigned();
      logMicros = reader.readLong();
    }
  }

  void save(KeyValueStore<Bytes, byte[]> content) {
    ByteWriter writer = new ByteWriter(20);
    writer.writeUnsigned(next);
    writer.writeLong(logMicros);
    content.put(KEY, writer.toByteArray());
  }

  /** Passes a record; throws when there are others that should have come before it. */
  void pass(RecordMetadata record, long appendMicros) {
    long offset = record.offset();
    if (offset != next) {
      check(record, offset);
    }
    next = offset + 1;
    logMicros = Math.max(logMicros, appendMicros);
  }

  /** The log's time: the latest append time so far. */
  long logMicros() {
    return logMicros;
  }

  long next() {
    return next;
  }

  private void check(RecordMetadata record, long offset) {
    if (offset < next) {
      counters.rereadRecords().increment();
      LOG.warn(
          "reading {}-{} again from offset {}: {} was next. Was the topic made anew, or the "
              + "group's offsets reset? Batches that were counted before are skipped",
          record.topic(),
          record.partition(),
          offset,
          next);
      return;
    }
    // Compaction, retention and aborted transactions leave holes in which nothing is lost.
    if (enabled && skipped.existBetween(record.topic(), record.partition(), next, offset)) {
      counters.fenceTrips().increment();
      throw new InputSkipped(record.topic(), record.partition(), next, offset);
    }
  }
}
