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
  /** Well below the largest record that brokers take by default. */
  static final int CHUNK_BYTES = 256 * 1024;

  private final StateStorage storage;
  // In a fixed order, so that the log of changes is as repeatable as everything else.
  private final Map<ByteKey, byte[]> staged = new LinkedHashMap<>();
  private long stagedBytes;

  public StagedState(StateStorage storage) {
    this.storage = storage;
  }

  byte @Nullable [] get(byte[] key) {
    byte[] value = staged.get(new ByteKey(key));
    if (value != null) {
      return value.length == 0 ? null : value;
    }
    return stored(key);
  }

  /** Stages a value, which must not be empty. */
  void put(byte[] key, ByteWriter value) {
    put(key, value.toByteArray());
  }

  void put(byte[] key, byte[] value) {
    byte[] before = staged.put(new ByteKey(key), value);
    stagedBytes += value.length - (before == null ? 0 : before.length);
  }

  void delete(byte[] key) {
    put(key, new byte[0]);
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

  private void write(byte[] key, byte[] value) {
    int chunk = 0;
    for (int from = 0; from < value.length; from += CHUNK_BYTES) {
      int to = Math.min(value.length, from + CHUNK_BYTES);
      storage.put(chunkKey(key, chunk++), Arrays.copyOfRange(value, from, to));
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
