package io.tailrace.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schemas topic: one thread follows it into the state, and changes to it are decided by one
 * registry of the cluster at a time.
 *
 * <p>All registries write with the same transactional id. Whoever begins to write fences the one
 * before, and then reads to the end before it decides; what the fenced one had not committed is
 * void, and it decides again on the new state. So no id is handed out twice.
 */
final class SchemaLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SchemaLog.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LONGEST_PAUSE_MILLIS = 100;

  private final Map<String, Object> clientProperties;
  private final TopicPartition partition;
  private final RegistryState state;
  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread follower;
  private final ReentrantLock writing = new ReentrantLock();
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  private final Object progress = new Object();
  private long position;
  private volatile boolean closed;

  SchemaLog(Map<String, ?> clientProperties, String topic, RegistryState state) {
    this.clientProperties = Map.copyOf(clientProperties);
    this.partition = new TopicPartition(topic, 0);
    this.state = state;
    this.admin = Admin.create(with(Map.of()));
    this.consumer =
        new KafkaConsumer<>(
            with(
                Map.of(
                    "isolation.level", "read_committed",
                    "enable.auto.commit", "false",
                    "auto.offset.reset", "earliest",
                    "fetch.max.wait.ms", "100",
                    "allow.auto.create.topics", "false")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.follower = new Thread(this::follow, "schema-log");
    follower.setDaemon(true);
    follower.start();
  }

  /** Returns once everything committed to the topic before this call is in the state. */
  void catchUp() {
    awaitPosition(end(IsolationLevel.READ_COMMITTED));
  }

  /** Decides on the newest state, writes what was decided, and returns once the state shows it. */
  <T> T write(Supplier<Change<T>> decision) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    writing.lock();
    try {
      while (true) {
        try {
          return writeOnce(decision);
        } catch (KafkaException e) {
          // Most often another registry has begun to write. If this was committed all the same, the
          // next decision sees it.
          discardProducer();
          if (e instanceof AuthorizationException || System.nanoTime() > deadline) {
            throw Refusal.storeUnavailable("cannot write to %s: %s".formatted(partition, e));
          }
          TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_MILLIS));
        }
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      writing.unlock();
    }
  }

  private <T> T writeOnce(Supplier<Change<T>> decision) throws InterruptedException {
    KafkaProducer<byte[], byte[]> writer = producer();
    // What another registry has written and not yet committed counts: it may still commit.
    awaitPosition(end(IsolationLevel.READ_UNCOMMITTED));
    Change<T> change = decision.get();
    if (!change.records().isEmpty()) {
      writer.beginTransaction();
      List<Future<RecordMetadata>> sent =
          change.records().stream().map(record -> writer.send(toWrite(record))).toList();
      writer.commitTransaction();
      // The commit is decided now, but shown only when its marker has been written.
      awaitPosition(offset(sent.get(sent.size() - 1)) + 1);
    }
    return change.answer();
  }

  private static long offset(Future<RecordMetadata> sent) throws InterruptedException {
    try {
      return sent.get().offset();
    } catch (ExecutionException e) {
      throw new KafkaException("a committed record has no offset", e);
    }
  }

  private void awaitPosition(long wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    synchronized (progress) {
      while (position < wanted) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || closed) {
          throw Refusal.storeTimedOut(
              "read %s up to %d of %d".formatted(partition, position, wanted));
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(progress, left);
        } catch (InterruptedException e) {
          throw interrupted();
        }
      }
    }
  }

  private ProducerRecord<byte[], byte[]> toWrite(LogRecord record) {
    return new ProducerRecord<>(
        partition.topic(), partition.partition(), record.keyBytes(), record.valueBytes());
  }

  private KafkaProducer<byte[], byte[]> producer() {
    KafkaProducer<byte[], byte[]> current = producer;
    if (current == null) {
      current =
          new KafkaProducer<>(
              with(
                  Map.of(
                      "transactional.id",
                      "tailrace-schema-registry-" + partition.topic(),
                      "transaction.timeout.ms",
                      "10000",
                      "linger.ms",
                      "0",
                      "delivery.timeout.ms",
                      String.valueOf(PATIENCE.toMillis()),
                      "request.timeout.ms",
                      String.valueOf(PATIENCE.toMillis()),
                      "max.block.ms",
                      String.valueOf(PATIENCE.toMillis()))),
              new ByteArraySerializer(),
              new ByteArraySerializer());
      producer = current;
      current.initTransactions();
    }
    return current;
  }

  private void discardProducer() {
    KafkaProducer<byte[], byte[]> current = producer;
    producer = null;
    if (current != null) {
      current.close(Duration.ZERO);
    }
  }

  private long end(IsolationLevel isolation) {
    try {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
          .partitionResult(partition)
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .offset();
    } catch (ExecutionException e) {
      throw Refusal.storeUnavailable("cannot find the end of %s: %s".formatted(partition, e));
    } catch (TimeoutException e) {
      throw Refusal.storeTimedOut("cannot find the end of %s".formatted(partition));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void follow() {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    while (!closed) {
      try {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          apply(record);
        }
        long read = consumer.position(partition, Duration.ofSeconds(1));
        synchronized (progress) {
          position = read;
          progress.notifyAll();
        }
      } catch (WakeupException | InterruptException e) {
        log.debug("asked to stop following {}", partition);
      } catch (KafkaException e) {
        log.warn("cannot read {}, trying again: {}", partition, e.toString());
        pause();
      }
    }
    consumer.close();
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    try {
      LogRecord.parse(record.key(), record.value()).ifPresent(state::apply);
    } catch (IOException e) {
      log.warn(
          "skipped the record at offset {} of {}: {}", record.offset(), partition, e.toString());
    }
  }

  private void pause() {
    synchronized (progress) {
      try {
        TimeUnit.SECONDS.timedWait(progress, 1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Map<String, Object> with(Map<String, Object> own) {
    Map<String, Object> all = new HashMap<>(clientProperties);
    all.putAll(own);
    return all;
  }

  private static Refusal interrupted() {
    Thread.currentThread().interrupt();
    return Refusal.storeTimedOut("interrupted");
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      follower.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writing.lock();
    try {
      discardProducer();
    } finally {
      writing.unlock();
    }
    admin.close(Duration.ofSeconds(1));
  }
}
