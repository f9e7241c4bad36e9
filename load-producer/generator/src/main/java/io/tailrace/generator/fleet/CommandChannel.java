package io.tailrace.generator.fleet;

import io.tailrace.record.CommandKind;
import io.tailrace.record.RunCommand;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.AvroSerializer;
import io.tailrace.wire.WireException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node's ear to the commands of its run, on a thread of its own. */
public final class CommandChannel implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CommandChannel.class);

  /** A command is heard at once all the same: the broker answers when there is one. */
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration BACK_OFF = Duration.ofSeconds(1);
  private static final int ANNOUNCE_SECONDS = 30;

  private final String run;
  private final String node;
  private final String topic;
  private final StartBarrier barrier;
  private final KafkaConsumer<String, byte[]> consumer;
  private final AvroDeserializer<RunCommand> decoder = new AvroDeserializer<>(RunCommand.class);
  private final Thread thread;
  private final Object changed = new Object();
  private volatile boolean closed;
  private volatile @Nullable String abortReason;

  private CommandChannel(
      KafkaConsumer<String, byte[]> consumer,
      Map<String, ?> kafka,
      String topic,
      String run,
      String node,
      int nodes) {
    this.run = run;
    this.node = node;
    this.topic = topic;
    this.barrier = new StartBarrier(nodes);
    this.consumer = consumer;
    decoder.configure(kafka, false);
    thread = new Thread(this::listen, "tailrace-commands-" + node);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Tells the run that this node is ready, and listens from then on.
   *
   * @throws KafkaException when Kafka does not take the announcement
   */
  public static CommandChannel announce(
      Map<String, ?> kafka,
      Topics topics,
      String run,
      String node,
      int nodes,
      LongSupplier micros) {
    RunCommand ready =
        RunCommand.newBuilder()
            .setRun(run)
            .setKind(CommandKind.READY)
            .setNode(node)
            .setNodesExpected(nodes)
            .setAtMicros(micros.getAsLong())
            .setBy(node)
            .setReason("ready to start")
            .build();
    String topic = topics.commands();
    KafkaConsumer<String, byte[]> consumer = consumer(kafka);
    try {
      // The fleet starts soon after the last one is ready: who is, must not have to look for the
      // cluster then.
      consumer.partitionsFor(topic);
      consumer.assign(List.of(new TopicPartition(topic, tell(kafka, topic, ready))));
      // A node that was started again must see the READY records of its first life.
      consumer.seekToBeginning(consumer.assignment());
      return new CommandChannel(consumer, kafka, topic, run, node, nodes);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private static KafkaConsumer<String, byte[]> consumer(Map<String, ?> kafka) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) POLL.toMillis());
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Gives the record's partition, which is that of every command of its run. */
  private static int tell(Map<String, ?> kafka, String topic, RunCommand ready) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    AvroSerializer<RunCommand> encoder = new AvroSerializer<>();
    encoder.configure(properties, false);
    try (KafkaProducer<String, RunCommand> producer =
        new KafkaProducer<>(properties, new StringSerializer(), encoder)) {
      return producer
          .send(new ProducerRecord<>(topic, ready.getRun(), ready))
          .get(ANNOUNCE_SECONDS, TimeUnit.SECONDS)
          .partition();
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException(
          "cannot tell " + topic + " that " + ready.getBy() + " is ready: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    }
  }

  /**
   * Waits until all nodes are ready.
   *
   * @return the common moment to start at, in microseconds since 1970; empty when the run was
   *     aborted or the patience ended first
   */
  public OptionalLong awaitStart(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (changed) {
      while (barrier.startMicros().isEmpty() && abortReason == null) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
          return OptionalLong.empty();
        }
        changed.wait(millis);
      }
      return abortReason == null ? barrier.startMicros() : OptionalLong.empty();
    }
  }

  public int readyNodes() {
    synchronized (changed) {
      return barrier.readyNodes();
    }
  }

  /** Why the run is to stop; null while it is to go on. */
  public @Nullable String abortReason() {
    return abortReason;
  }

  private void listen() {
    try (consumer) {
      while (!closed) {
        poll();
      }
    } catch (WakeupException e) {
      // Closing.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void poll() throws InterruptedException {
    try {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (run.equals(record.key())) {
          read(record);
        }
      }
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("cannot read {}: {}; trying again", topic, e.getMessage());
      Thread.sleep(BACK_OFF.toMillis());
    }
  }

  private void read(ConsumerRecord<String, byte[]> record) {
    RunCommand command;
    try {
      command = decoder.deserialize(topic, record.value());
    } catch (WireException e) {
      LOG.warn("{} at offset {} is not a command: {}", topic, record.offset(), e.getMessage());
      return;
    }
    if (command != null) {
      obey(command, TimeUnit.MILLISECONDS.toMicros(record.timestamp()));
    }
  }

  private void obey(RunCommand command, long appendedMicros) {
    String named = command.getNode();
    synchronized (changed) {
      switch (command.getKind()) {
        case READY -> {
          if (named != null) {
            barrier.ready(named, appendedMicros);
          }
        }
        case ABORT -> {
          if ((named == null || named.equals(node)) && abortReason == null) {
            abortReason = command.getReason() + " (by " + command.getBy() + ")";
          }
        }
        case UNKNOWN -> LOG.warn("a command this version does not know, by {}", command.getBy());
      }
      changed.notifyAll();
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
