package io.tailrace.aggregator.run;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Where state is kept by key; written to only when all of a task's state is saved. */
public interface StateStorage {
  byte @Nullable [] get(byte[] key);

  void put(byte[] key, byte[] value);

  void delete(byte[] key);

  /** All entries whose key starts with these bytes, in the keys' order. */
  void scan(byte[] prefix, BiConsumer<byte[], byte[]> entry);
}
