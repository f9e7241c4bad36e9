package io.tailrace.benchmarks.aggregate;

import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.Topics;
import io.tailrace.wire.SampleBatchReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The aggregation as a book on Kafka Streams would write it: one record a sample, grouped by key
 * into windows of a second, a histogram with a serde as the aggregate.
 */
final class TextbookTopology {
  private static final long HOUR_MICROS = 3_600_000_000L;
  private static final Duration MEASURED = Duration.ofSeconds(20);

  private TextbookTopology() {}

  /** Runs it on the first samples of the topic and returns how fast it went. */
  static double run(BenchCluster cluster, Topics topics, int series) throws InterruptedException {
    AtomicLong processed = new AtomicLong();
    StreamsBuilder builder = new StreamsBuilder();
    SampleBatchReader reader =
        new SampleBatchReader(cluster.registry(), SchemaRegistry.valueSubject(topics.samples()));
    builder.stream(topics.samples(), Consumed.with(Serdes.String(), Serdes.ByteArray()))
        .map(
            (run, value) -> {
              reader.read(value);
              return KeyValue.pair(reader.series(0).getName(), reader.latencyMicros()[0]);
            })
        .groupByKey(Grouped.with("by-series", Serdes.String(), Serdes.Long()))
        .windowedBy(TimeWindows.ofSizeWithNoGrace(Duration.ofSeconds(1)))
        .aggregate(
            () -> new Histogram(1, HOUR_MICROS, 3),
            (name, micros, histogram) -> {
              histogram.recordValue(Math.max(1, micros));
              processed.incrementAndGet();
              return histogram;
            },
            Materialized.<String, Histogram, WindowStore<Bytes, byte[]>>as("histograms")
                .withKeySerde(Serdes.String())
                .withValueSerde(histogramSerde()));
    Map<String, Object> settings = new HashMap<>();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "textbook-" + series);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, cluster.folder().resolve("textbook").toString());
    settings.put("auto.offset.reset", "earliest");
    try (KafkaStreams streams = new KafkaStreams(builder.build(), new StreamsConfig(settings))) {
      streams.start();
      while (processed.get() == 0) {
        Thread.sleep(20);
      }
      Thread.sleep(5_000);
      long before = processed.get();
      long started = System.nanoTime();
      Thread.sleep(MEASURED.toMillis());
      return (processed.get() - before) / ((System.nanoTime() - started) / 1e9);
    }
  }

  private static Serde<Histogram> histogramSerde() {
    Serializer<Histogram> serializer =
        (topic, histogram) -> {
          ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
          byte[] bytes = new byte[histogram.encodeIntoCompressedByteBuffer(buffer)];
          buffer.flip().get(bytes);
          return bytes;
        };
    Deserializer<Histogram> deserializer =
        (topic, bytes) -> {
          try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), HOUR_MICROS);
          } catch (DataFormatException e) {
            throw new IllegalStateException(e);
          }
        };
    return Serdes.serdeFrom(serializer, deserializer);
  }
}
