package io.tailrace.aggregator.topology;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Builds {@link LiveStore}s, which are always logged and never cached. */
final class LiveStoreBuilder implements StoreBuilder<LiveStore> {
  private final StoreBuilder<KeyValueStore<Bytes, byte[]>> content;
  private final Faults faults;

  LiveStoreBuilder(String name, Map<String, String> changelog, Faults faults) {
    content =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingDisabled()
            .withLoggingEnabled(changelog);
    this.faults = faults;
  }

  @Override
  public LiveStore build() {
    return new LiveStore(content.build(), faults);
  }

  @Override
  public String name() {
    return content.name();
  }

  @Override
  public boolean loggingEnabled() {
    return true;
  }

  @Override
  public Map<String, String> logConfig() {
    return content.logConfig();
  }

  @Override
  public StoreBuilder<LiveStore> withLoggingEnabled(Map<String, String> config) {
    content.withLoggingEnabled(config);
    return this;
  }

  @Override
  public StoreBuilder<LiveStore> withLoggingDisabled() {
    throw new UnsupportedOperationException("live windows are lost without a changelog");
  }

  @Override
  public StoreBuilder<LiveStore> withCachingEnabled() {
    throw new UnsupportedOperationException("a cache would hold back what a commit must contain");
  }

  @Override
  public StoreBuilder<LiveStore> withCachingDisabled() {
    return this;
  }
}
