package io.tailrace.aggregator.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the rest relies on of the one class that leans on Kafka Streams' insides. */
class LiveStoreContractTest {
  private static final Bytes KEY = Bytes.wrap(new byte[] {1});

  private final List<String> calls = new ArrayList<>();

  @Test
  void savesWithEveryCommitAfterTheRecordsAndForwardsFromThere() {
    try (TopologyTestDriver driver = new TopologyTestDriver(topology(), settings())) {
      var in = driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
      var out =
          driver.createOutputTopic("out", new ByteArrayDeserializer(), new ByteArrayDeserializer());
      in.pipeInput(null, bytes("a"));
      in.pipeInput(null, bytes("b"));

      assertThat(calls).containsExactly("process a", "save", "process b", "save");
      assertThat(out.readValuesToList())
          .extracting(value -> new String(value, StandardCharsets.UTF_8))
          .containsExactly("a", "b");
      LiveStore store = (LiveStore) driver.getAllStateStores().get("live");
      assertThat(Objects.requireNonNull(store).isOpen()).isTrue();
    }
    assertThat(calls).endsWith("forget");
  }

  @Test
  void isSeenAsAStoreThatIsFlushedAndIsNeverCachedNorWithoutALog() {
    LiveStoreBuilder builder = new LiveStoreBuilder("live", Map.of(), Faults.NONE);

    assertThat(builder.build()).isInstanceOf(CachedStateStore.class);
    assertThat(builder.build().persistent()).isFalse();
    assertThat(builder.loggingEnabled()).isTrue();
    assertThatThrownBy(builder::withCachingEnabled)
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(builder::withLoggingDisabled)
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aStandbyThatIsBoundToNothingHasNothingToSave() {
    LiveStore store = new LiveStoreBuilder("live", Map.of(), Faults.NONE).build();

    store.flushCache();
    store.clearCache();

    assertThat(calls).isEmpty();
  }

  private Topology topology() {
    ByteArrayDeserializer in = new ByteArrayDeserializer();
    ByteArraySerializer out = new ByteArraySerializer();
    return new Topology()
        .addSource("in", in, in, "in")
        .addProcessor("live-processor", Remembering::new, "in")
        .addStateStore(new LiveStoreBuilder("live", Map.of(), Faults.NONE), "live-processor")
        .addSink("out", "out", out, out, "live-processor");
  }

  private static Properties settings() {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "contract");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return settings;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Keeps the last value on the heap until it is told to save it. */
  private final class Remembering
      implements Processor<byte[], byte[], byte[], byte[]>, LiveStore.Live {
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable KeyValueStore<Bytes, byte[]> content;
    private byte @Nullable [] last;

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      LiveStore store = context.getStateStore("live");
      content = store.bind(this, context);
      this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      calls.add("process " + new String(record.value(), StandardCharsets.UTF_8));
      last = record.value();
    }

    @Override
    public void save() {
      byte[] value = last;
      if (value != null) {
        calls.add("save");
        Objects.requireNonNull(content).put(KEY, value);
        Objects.requireNonNull(context).forward(new Record<>(value, value, 0));
        last = null;
      }
    }

    @Override
    public void forget() {
      calls.add("forget");
    }
  }
}
