package io.tailrace.sink.core.runner;

import io.tailrace.config.Redaction;
import io.tailrace.record.DeadLetter;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a sink's feeds to its target: each partition in order, committed after delivery, never
 * given up while Kafka keeps the data. One thread polls and owns all state; workers make attempts.
 */
public final class SinkRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SinkRunner.class);
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);
  private static final Duration REVOKE_WAIT = Duration.ofSeconds(5);

  private record Completion(TopicPartition partition, Lane lane, Attempt.Outcome outcome) {}

  private final String name;
  private final Pace pace;
  private final LongSupplier nanoTime;
  private final Sink sink;
  private final Set<Feed> feeds;
  private final Topics topics;
  private final Redaction redaction;
  private final SchemaRegistry registry;
  private final DeadLetters deadLetters;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ExecutorService workers;
  private final Thread poller;
  private final Map<TopicPartition, Lane> lanes = new HashMap<>();
  private final Map<TopicPartition, Attempt> attempts = new HashMap<>();
  private final Queue<Completion> completions = new ConcurrentLinkedQueue<>();
  private final SinkCounters counters = new SinkCounters();
  private final Commits commits;
  private volatile boolean stopping;
  private long lastCommit;

  /**
   * @param kafka client properties, the registry's keys among them
   * @param nanoTime a monotonic clock
   */
  public SinkRunner(
      String name,
      Sink sink,
      Set<Feed> feeds,
      Topics topics,
      Map<String, Object> kafka,
      Pace pace,
      LongSupplier nanoTime) {
    this(name, sink, feeds, topics, kafka, pace, nanoTime, new Redaction());
  }

  /** As the other, with what takes secrets out of reasons. */
  public SinkRunner(
      String name,
      Sink sink,
      Set<Feed> feeds,
      Topics topics,
      Map<String, Object> kafka,
      Pace pace,
      LongSupplier nanoTime,
      Redaction redaction) {
    this.redaction = redaction;
    this.name = name;
    this.sink = sink;
    this.pace = pace;
    this.commits = new Commits(sink);
    this.nanoTime = nanoTime;
    this.feeds = Set.copyOf(feeds);
    this.topics = topics;
    this.registry = new HttpSchemaRegistry(kafka);
    this.deadLetters =
        new DeadLetters("sink/" + name, topics.deadLetters(), deadLetterProducer(kafka));
    this.consumer = new KafkaConsumer<>(consumerProperties(name, kafka));
    this.workers =
        Executors.newFixedThreadPool(
            pace.parallelism(), work -> new Thread(work, "sink-" + name + "-attempt"));
    this.poller = new Thread(this::run, "sink-" + name);
  }

  public void start() {
    poller.start();
  }

  public SinkStatus status() {
    return counters.status();
  }

  /** Delivers what is already read, as far as the target takes it in time, commits, and ends. */
  @Override
  public void close() {
    stopping = true;
    try {
      poller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      consumer.subscribe(feeds.stream().map(feed -> feed.topic(topics)).toList(), new LaneKeeper());
      while (!stopping) {
        turn(false);
      }
      drain();
      counters.stopped();
    } catch (RuntimeException e) {
      log.error("sink {} ends on an error: {}", name, e.toString(), e);
      counters.failed(e.toString());
    } finally {
      closeEverything();
    }
  }

  private void turn(boolean draining) {
    long now = nanoTime.getAsLong();
    for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
      lane(new TopicPartition(each.topic(), each.partition())).add(each, now);
    }
    settleCompletions();
    submitAttempts(draining);
    pauseAndResume(draining);
    if (now - lastCommit >= COMMIT_EVERY.toNanos()) {
      commit();
      lastCommit = now;
    }
    counters.lag(consumer.assignment().stream().mapToLong(this::lag).sum());
  }

  private Lane lane(TopicPartition partition) {
    return lanes.computeIfAbsent(partition, unused -> new Lane(pace, new Random()));
  }

  private long lag(TopicPartition partition) {
    long beyondPosition = consumer.currentLag(partition).orElse(0);
    Lane lane = lanes.get(partition);
    return beyondPosition + (lane == null ? 0 : lane.pending());
  }

  private void submitAttempts(boolean flush) {
    lanes.forEach(
        (partition, lane) -> {
          Part part = lane.next(nanoTime.getAsLong(), flush);
          if (part != null) {
            Attempt attempt = attempts.computeIfAbsent(partition, unused -> newAttempt());
            workers.execute(() -> completions.add(complete(partition, lane, attempt, part)));
          }
        });
  }

  /** One for each partition: decoders are not shared between workers. */
  private Attempt newAttempt() {
    return new Attempt(sink, new RecordDecoder(feeds, topics, registry), deadLetters, redaction);
  }

  private Completion complete(TopicPartition partition, Lane lane, Attempt attempt, Part part) {
    Attempt.Outcome outcome;
    try {
      outcome = attempt.make(part);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      outcome = new Attempt.Outcome.Later("interrupted", Optional.empty());
    } catch (RuntimeException | Error e) {
      // A lane must hear of every attempt it started, or it would wait for ever.
      log.error("sink {}: an attempt broke", name, e);
      outcome = new Attempt.Outcome.Later(e.toString(), Optional.empty());
    }
    return new Completion(partition, lane, outcome);
  }

  private void settleCompletions() {
    for (Completion done = completions.poll(); done != null; done = completions.poll()) {
      settle(done);
    }
  }

  private void settle(Completion done) {
    Lane lane = done.lane();
    if (done.outcome() instanceof Attempt.Outcome.Settled settled) {
      lane.delivered();
      counters.settled(done.partition(), settled.delivered(), settled.deadLettered());
    } else if (done.outcome() instanceof Attempt.Outcome.Split) {
      lane.refusedAsAWhole();
    } else if (done.outcome() instanceof Attempt.Outcome.Later later) {
      lane.failed(later.after(), nanoTime.getAsLong());
      counters.retrying(done.partition(), later.reason());
      logSparingly(lane, done.partition(), later.reason());
    } else if (done.outcome() instanceof Attempt.Outcome.Stuck stuck) {
      lane.failed(Optional.of(pace.misconfiguredPause()), nanoTime.getAsLong());
      counters.misconfigured(done.partition(), stuck.reason());
      log.error("sink {} is misconfigured: {}", name, stuck.reason());
    }
  }

  /** The first failure and then ever fewer: an outage of hours must not fill the log. */
  private void logSparingly(Lane lane, TopicPartition partition, String reason) {
    if (Integer.bitCount(lane.failures()) == 1) {
      log.warn("sink {}: {} not delivered, trying again: {}", name, partition, reason);
    }
  }

  private void pauseAndResume(boolean draining) {
    lanes.forEach(
        (partition, lane) -> {
          boolean pause = draining || lane.isFull();
          if (pause != consumer.paused().contains(partition)) {
            if (pause) {
              consumer.pause(Set.of(partition));
            } else {
              consumer.resume(Set.of(partition));
            }
          }
        });
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    lanes.forEach(
        (partition, lane) ->
            commits.due(partition, lane).ifPresent(offset -> offsets.put(partition, offset)));
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets);
      commits.done(offsets);
    } catch (KafkaException e) {
      // Delivered but not committed: it will come again, and sinks bear that.
      log.warn("sink {}: could not commit, will try again: {}", name, e.toString());
    }
  }

  private void drain() {
    consumer.pause(consumer.assignment());
    long end = nanoTime.getAsLong() + pace.drainDeadline().toNanos();
    while (nanoTime.getAsLong() - end < 0 && !lanes.values().stream().allMatch(this::isDrained)) {
      turn(true);
    }
    commit();
  }

  /** A lane whose target refuses is not waited for: its records stay in Kafka. */
  private boolean isDrained(Lane lane) {
    return lane.isIdle() || (lane.isHeldBack() && !lane.isInFlight());
  }

  private void closeEverything() {
    workers.shutdownNow();
    consumer.close();
    deadLetters.close();
    try {
      workers.awaitTermination(REVOKE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sink.close();
  }

  private final class LaneKeeper implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      counters.running();
      if (commits.isRecalling()) {
        consumer
            .committed(Set.copyOf(partitions))
            .forEach((partition, offset) -> commits.resume(lane(partition), offset));
      }
      log.info("sink {} reads {}", name, partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      long end = nanoTime.getAsLong() + REVOKE_WAIT.toNanos();
      while (nanoTime.getAsLong() - end < 0
          && partitions.stream().map(lanes::get).anyMatch(l -> l != null && l.isInFlight())) {
        settleCompletions();
        Thread.onSpinWait();
      }
      commit();
      forget(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      forget(partitions);
    }

    private void forget(Collection<TopicPartition> partitions) {
      partitions.forEach(lanes::remove);
      partitions.forEach(attempts::remove);
      commits.forget(partitions);
      counters.forget(partitions);
    }
  }

  private static Map<String, Object> consumerProperties(String name, Map<String, Object> kafka) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.putIfAbsent(ConsumerConfig.GROUP_ID_CONFIG, "tailrace-sink-" + name);
    properties.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, "tailrace-sink-" + name);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    return properties;
  }

  private static KafkaProducer<byte[], DeadLetter> deadLetterProducer(Map<String, Object> kafka) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    AvroSerializer<DeadLetter> values = new AvroSerializer<>();
    values.configure(kafka, false);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), values);
  }
}
