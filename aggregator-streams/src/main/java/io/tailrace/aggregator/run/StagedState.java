package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * State on its way into the storage: seen at once by those who read through it, written when all of
 * a task's state is saved, in chunks that brokers accept.
 */
public final class StagedState {
  /** The most that a record of the log of changes carries. */
  static final int CHUNK_BYTES = ChunkedValue.CHUNK_BYTES;

  private static final byte[][] DELETED = {};

  private final StateStorage storage;
  // In a fixed order, so that the log of changes is as repeatable as everything else.
  private final Map<ByteKey, byte[][]> staged = new LinkedHashMap<>();
  private long stagedBytes;

  public StagedState(StateStorage storage) {
    this.storage = storage;
  }

  byte @Nullable [] get(byte[] key) {
    byte[][] chunks = staged.get(new ByteKey(key));
    if (chunks == null) {
      return stored(key);
    }
    return chunks.length == 0 ? null : joined(chunks);
  }

  /** Stages a value, which must not be empty. */
  void put(byte[] key, ByteWriter value) {
    put(key, new ChunkedValue(), value);
  }

  void put(byte[] key, byte[] value) {
    ByteWriter writer = new ByteWriter(value.length);
    writer.writeRaw(value, 0, value.length);
    put(key, writer);
  }

  /** Stages a value of which these chunks are complete and the writer has the rest. */
  void put(byte[] key, ChunkedValue complete, ByteWriter rest) {
    stage(key, complete.with(rest));
  }

  void delete(byte[] key) {
    stage(key, DELETED);
  }

  private void stage(byte[] key, byte[][] chunks) {
    byte[][] before = staged.put(new ByteKey(key), chunks);
    stagedBytes += lengthOf(chunks) - (before == null ? 0 : lengthOf(before));
  }

  private static long lengthOf(byte[][] chunks) {
    long length = 0;
    for (byte[] chunk : chunks) {
      length += chunk.length;
    }
    return length;
  }

  private static byte[] joined(byte[][] chunks) {
    if (chunks.length == 1) {
      return chunks[0];
    }
    ByteWriter whole = new ByteWriter((int) lengthOf(chunks));
    for (byte[] chunk : chunks) {
      whole.writeRaw(chunk, 0, chunk.length);
    }
    return whole.toByteArray();
  }

  /** Bytes that wait to be written. */
  public long stagedBytes() {
    return stagedBytes;
  }

  /** Writes all that is staged. */
  public void save() {
    staged.forEach((key, value) -> write(key.bytes(), value));
    staged.clear();
    stagedBytes = 0;
  }

  /** All values whose key starts with these bytes, what is staged not among them. */
  void scanStored(byte[] prefix, BiConsumer<byte[], byte[]> entry) {
    Map<ByteKey, ByteWriter> whole = new TreeMap<>();
    storage.scan(
        prefix,
        (key, chunk) ->
            whole
                .computeIfAbsent(
                    new ByteKey(Arrays.copyOf(key, key.length - 1)),
                    absent -> new ByteWriter(chunk.length))
                .writeRaw(chunk, 0, chunk.length));
    whole.forEach((key, value) -> entry.accept(key.bytes(), value.toByteArray()));
  }

  /** Deletes all whose key starts with these bytes. */
  void deleteAll(byte[] prefix) {
    staged.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .toList()
        .forEach(key -> delete(key.bytes()));
    scanStored(prefix, (key, value) -> delete(key));
  }

  private void write(byte[] key, byte[][] chunks) {
    int chunk = 0;
    for (byte[] one : chunks) {
      storage.put(chunkKey(key, chunk++), one);
    }
    while (storage.get(chunkKey(key, chunk)) != null) {
      storage.delete(chunkKey(key, chunk++));
    }
  }

  private byte @Nullable [] stored(byte[] key) {
    byte[] first = storage.get(chunkKey(key, 0));
    if (first == null || first.length < CHUNK_BYTES) {
      return first;
    }
    ByteWriter whole = new ByteWriter(2 * CHUNK_BYTES);
    byte[] next = first;
    for (int chunk = 1; next != null; chunk++) {
      whole.writeRaw(next, 0, next.length);
      next = storage.get(chunkKey(key, chunk));
    }
    return whole.toByteArray();
  }

  private static byte[] chunkKey(byte[] key, int chunk) {
    if (chunk > 255) {
      throw new IllegalStateException("state of more than 64 MiB under one key");
    }
    byte[] chunkKey = Arrays.copyOf(key, key.length + 1);
    chunkKey[key.length] = (byte) chunk;
    return chunkKey;
  }
}
