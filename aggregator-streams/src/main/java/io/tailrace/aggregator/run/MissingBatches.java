package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import java.util.Map;
import java.util.TreeMap;

/** Which batches of one life were taken: all before the next one, less some spans. */
final class MissingBatches {
  // More spans than this come from a producer that numbers at random, and are not waited for.
  private static final int MOST_SPANS = 1000;

  private long next;
  private long missing;
  // From the first missing number to the one after the last.
  private final TreeMap<Long, Long> spans = new TreeMap<>();

  /** Takes a batch; false when it was taken before. */
  boolean take(long sequence) {
    if (sequence == next) {
      next++;
      return true;
    }
    if (sequence > next) {
      missing += sequence - next;
      addSpan(sequence);
      next = sequence + 1;
      return true;
    }
    return fill(sequence);
  }

  /** How many batches before the latest one have not come. */
  long missing() {
    return missing;
  }

  private void addSpan(long end) {
    if (spans.size() < MOST_SPANS) {
      spans.put(next, end);
    }
  }

  private boolean fill(long sequence) {
    Map.Entry<Long, Long> span = spans.floorEntry(sequence);
    if (span == null || sequence >= span.getValue()) {
      return false;
    }
    spans.remove(span.getKey());
    if (span.getKey() < sequence) {
      spans.put(span.getKey(), sequence);
    }
    if (sequence + 1 < span.getValue()) {
      spans.put(sequence + 1, span.getValue());
    }
    missing--;
    return true;
  }

  void writeTo(ByteWriter state) {
    state.writeUnsigned(next);
    state.writeUnsigned(missing);
    state.writeUnsigned(spans.size());
    spans.forEach(
        (from, to) -> {
          state.writeUnsigned(from);
          state.writeUnsigned(to);
        });
  }

  void readFrom(ByteReader state) {
    next = state.readUnsigned();
    missing = state.readUnsigned();
    for (long rest = state.readUnsigned(); rest > 0; rest--) {
      long from = state.readUnsigned();
      spans.put(from, state.readUnsigned());
    }
  }
}
