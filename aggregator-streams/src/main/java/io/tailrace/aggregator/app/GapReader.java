package io.tailrace.aggregator.app;

import io.tailrace.aggregator.topology.SkippedRecords;
import io.tailrace.config.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for records with a plain consumer of its own. */
final class GapReader implements SkippedRecords {
  private static final Logger LOG = LoggerFactory.getLogger(GapReader.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, Object> settings;

  GapReader(KafkaConnection kafka) {
    settings = kafka.clientProperties();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
  }

  @Override
  public boolean existBetween(String topic, int partition, long fromInclusive, long toExclusive) {
    TopicPartition at = new TopicPartition(topic, partition);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(at));
      consumer.seek(at, fromInclusive);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record :
            consumer.poll(Duration.ofMillis(500)).records(at)) {
          return record.offset() < toExclusive;
        }
      }
    }
    // Whoever can not say that nothing was skipped starts again from what was committed.
    LOG.warn("{} had no answer from offset {} within {}", at, fromInclusive, PATIENCE);
    return true;
  }
}
