package io.tailrace.aggregator.app;

import io.tailrace.config.KafkaConnection;
import io.tailrace.record.RuleSet;
import io.tailrace.registry.RegistryRefused;
import io.tailrace.registry.RegistryUnavailable;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The organisation's rule sets as they are now, read beside the topology by a thread of its own. A
 * record that cannot be read leaves what was known under its key, and all other rule sets, alone.
 */
final class RuleBook implements Supplier<List<RuleSet>>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RuleBook.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final AvroDeserializer<RuleSet> deserializer;
  private final Map<String, RuleSet> byName = new TreeMap<>();
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
  private final Thread reader = new Thread(this::follow, "rule-book");
  private volatile List<RuleSet> current = List.of();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean closing;

  private RuleBook(KafkaConnection kafka, SchemaRegistry registry, String topic) {
    this.topic = topic;
    Map<String, Object> client = kafka.clientProperties();
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    deserializer = new AvroDeserializer<>(RuleSet.class, registry);
    reader.setDaemon(true);
  }

  /** Reads all there is, and then goes on reading what comes. */
  static RuleBook open(KafkaConnection kafka, SchemaRegistry registry, String topic) {
    RuleBook book = new RuleBook(kafka, registry, topic);
    try {
      book.load();
    } catch (RuntimeException failed) {
      book.consumer.close();
      throw failed;
    }
    book.reader.start();
    return book;
  }

  @Override
  public List<RuleSet> get() {
    return current;
  }

  /** Rule sets whose latest record cannot be read. */
  int unreadable() {
    return unreadable.size();
  }

  private void load() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      readOnce();
    }
    LOG.info("{} rule sets apply from here on", current.size());
  }

  private void follow() {
    try (consumer) {
      while (!closing) {
        try {
          readOnce();
        } catch (WakeupException | InterruptException asked) {
          // An interrupt still pending would cut short the consumer's farewell to the broker.
          Thread.interrupted();
          return;
        } catch (KafkaException trouble) {
          LOG.warn("cannot read rule sets from {}, trying again: {}", topic, trouble.toString());
          pause();
        }
      }
    }
  }

  private void readOnce() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      take(record);
    }
    current = List.copyOf(byName.values());
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      LOG.warn("a rule set without a key at {}@{} is left out", topic, record.offset());
      return;
    }
    String name = new String(record.key(), StandardCharsets.UTF_8);
    while (!closing) {
      try {
        RuleSet rules = deserializer.deserialize(topic, record.value());
        if (rules == null) {
          byName.remove(name);
        } else {
          byName.put(name, rules);
        }
        unreadable.remove(name);
        return;
      } catch (WireException | RegistryRefused fault) {
        unreadable.add(name);
        LOG.warn(
            "rule set {} at {}@{} cannot be read and is left out: {}",
            name,
            topic,
            record.offset(),
            fault.getMessage());
        return;
      } catch (RegistryUnavailable trouble) {
        LOG.warn("the schema registry does not answer, trying again: {}", trouble.getMessage());
        pause();
      }
    }
  }

  private void pause() {
    try {
      boolean unused = closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  @Override
  public void close() {
    closing = true;
    closed.countDown();
    consumer.wakeup();
    try {
      // Interrupted only if it must be: in the middle of its farewell the consumer would complain.
      reader.join(PAUSE.toMillis());
      reader.interrupt();
      reader.join(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
