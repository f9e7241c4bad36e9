package io.tailrace.aggregator.topology;

import io.tailrace.aggregator.run.StateStorage;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The content of the store as the runs see it. */
record StoredState(KeyValueStore<Bytes, byte[]> content) implements StateStorage {
  @Override
  public byte @Nullable [] get(byte[] key) {
    return content.get(Bytes.wrap(key));
  }

  @Override
  public void put(byte[] key, byte[] value) {
    content.put(Bytes.wrap(key), value);
  }

  @Override
  public void delete(byte[] key) {
    content.delete(Bytes.wrap(key));
  }

  @Override
  public void scan(byte[] prefix, BiConsumer<byte[], byte[]> entry) {
    try (KeyValueIterator<Bytes, byte[]> entries =
        content.prefixScan(prefix, new ByteArraySerializer())) {
      while (entries.hasNext()) {
        KeyValue<Bytes, byte[]> next = entries.next();
        entry.accept(next.key.get(), next.value);
      }
    }
  }
}
