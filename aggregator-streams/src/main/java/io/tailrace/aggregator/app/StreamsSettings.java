package io.tailrace.aggregator.app;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** What Kafka Streams is configured with, and which of it the user can change. */
final class StreamsSettings {
  /**
   * The state is small and rewritten all the time: segments of the default gigabyte would never be
   * compacted, and every start would read them whole.
   */
  static final Map<String, String> CHANGELOG =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
          TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(64 << 20),
          TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.2",
          TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, "60000",
          TopicConfig.DELETE_RETENTION_MS_CONFIG, "60000",
          TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");

  private StreamsSettings() {}

  static Properties of(AggregatorConfig config) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "1000");
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
    // A task has one partition, so that there is no other to wait for: otherwise a set and a text
    // are made for every record, only to find that out.
    settings.put(
        StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
        String.valueOf(StreamsConfig.MAX_TASK_IDLE_MS_DISABLED));
    // After a kill, the others wait this long for the dead member.
    consumer(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
    consumer(settings, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "2000");
    consumer(settings, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(4 << 20));
    // A fetch arrives while the one before is worked on: the default of 64 KiB would stop it there.
    consumer(settings, ConsumerConfig.RECEIVE_BUFFER_CONFIG, "-1");
    producer(settings, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // Thousands of series leave at once with a commit: in few requests, and not in one for every
    // other series, which the default of 16 KiB makes of it.
    producer(settings, ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(256 << 10));
    // The next request waits in the system, and not in a thread that has to be woken up for it.
    producer(settings, ProducerConfig.SEND_BUFFER_CONFIG, "-1");

    config
        .kafka()
        .clientProperties()
        .forEach(
            (name, value) -> {
              if (isKafkas(name)) {
                settings.put(name, value);
              }
            });

    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbys());
    // Everything that is promised rests on these.
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    consumer(settings, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return settings;
  }

  private static boolean isKafkas(String name) {
    return !name.startsWith("schema.registry.")
        && !name.startsWith("basic.auth.")
        && !name.startsWith("bearer.auth.")
        && !name.equals("auto.register.schemas");
  }

  private static void consumer(Properties settings, String name, String value) {
    settings.put(StreamsConfig.mainConsumerPrefix(name), value);
  }

  private static void producer(Properties settings, String name, String value) {
    settings.put(StreamsConfig.producerPrefix(name), value);
  }
}
