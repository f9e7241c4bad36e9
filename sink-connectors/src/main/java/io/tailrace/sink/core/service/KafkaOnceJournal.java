package io.tailrace.sink.core.service;

import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.OnceNote;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * One sink's intents and outcomes in the compacted topic of sink state, keyed {@code sink/act}.
 * Every look-up first reads to the topic's end: another instance may have had the run until a
 * moment ago.
 */
final class KafkaOnceJournal implements OnceJournal, AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long PATIENCE_SECONDS = 30;
  private static final String INTENT = "intent";
  private static final String DONE = "done ";

  private final String topic;
  private final String prefix;
  private final Map<String, Object> kafka;
  private final Map<String, OnceNote> notes = new HashMap<>();
  private @Nullable KafkaConsumer<String, String> consumer;
  private @Nullable KafkaProducer<String, String> producer;

  KafkaOnceJournal(String sink, String topic, Map<String, Object> kafka) {
    this.topic = topic;
    this.prefix = sink + "/";
    this.kafka = new HashMap<>(kafka);
  }

  @Override
  public synchronized Optional<OnceNote> read(String key) throws IOException {
    try {
      catchUp();
    } catch (KafkaException e) {
      throw new IOException("cannot read what was done before from " + topic, e);
    }
    return Optional.ofNullable(notes.get(key));
  }

  @Override
  public synchronized void write(String key, OnceNote note)
      throws IOException, InterruptedException {
    String value = note.done() ? DONE + note.outcome() : INTENT;
    try {
      producer()
          .send(new ProducerRecord<>(topic, prefix + key, value))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new IOException("cannot note " + prefix + key + " in " + topic, e);
    }
    notes.put(key, note);
  }

  private void catchUp() {
    KafkaConsumer<String, String> reading = consumer();
    Map<TopicPartition, Long> ends = reading.endOffsets(reading.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> reading.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<String, String> each : reading.poll(POLL)) {
        take(each.key(), each.value());
      }
    }
  }

  private void take(@Nullable String key, @Nullable String value) {
    if (key == null || !key.startsWith(prefix)) {
      return;
    }
    String act = key.substring(prefix.length());
    if (value == null) {
      notes.remove(act);
    } else if (value.startsWith(DONE)) {
      notes.put(act, new OnceNote(true, value.substring(DONE.length())));
    } else {
      notes.put(act, new OnceNote(false, ""));
    }
  }

  /** Opened when first needed: most sinks never are. */
  private KafkaConsumer<String, String> consumer() {
    KafkaConsumer<String, String> open = consumer;
    if (open == null) {
      Map<String, Object> properties = new HashMap<>(kafka);
      properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
      properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
      properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
      open = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
      List<TopicPartition> partitions =
          open.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      open.assign(partitions);
      open.seekToBeginning(partitions);
      consumer = open;
    }
    return open;
  }

  private KafkaProducer<String, String> producer() {
    KafkaProducer<String, String> open = producer;
    if (open == null) {
      Map<String, Object> properties = new HashMap<>(kafka);
      properties.put(ProducerConfig.ACKS_CONFIG, "all");
      properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
      open = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
      producer = open;
    }
    return open;
  }

  @Override
  public synchronized void close() {
    if (consumer != null) {
      consumer.close();
    }
    if (producer != null) {
      producer.close(Duration.ofSeconds(5));
    }
  }
}
