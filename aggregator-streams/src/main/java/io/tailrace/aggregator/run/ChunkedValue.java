package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A value on its way into the state, cut into chunks while it is written: no array is ever as long
 * as a window of thousands of series, which a small heap would have to make room for every time.
 */
final class ChunkedValue {
  /** Well below the largest record that brokers take by default. */
  static final int CHUNK_BYTES = 256 * 1024;

  private final List<byte[]> chunks = new ArrayList<>();

  /** Takes all chunks that are complete out of the writer and leaves the rest in it. */
  void takeFrom(ByteWriter writer) {
    int from = 0;
    while (writer.size() - from > CHUNK_BYTES) {
      chunks.add(writer.copy(from, CHUNK_BYTES));
      from += CHUNK_BYTES;
    }
    writer.removeFirst(from);
  }

  /** All chunks, what is left in the writer as the last. */
  byte[][] with(ByteWriter rest) {
    takeFrom(rest);
    chunks.add(rest.toByteArray());
    return chunks.toArray(byte[][]::new);
  }
}
