package io.tailrace.sink.core.runner;

import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.sink.core.Sink;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a sink's feeds to its target: each partition in order, committed after delivery, never
 * given up while Kafka keeps the data. One thread polls and owns all state; workers make attempts.
 */
public final class SinkRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SinkRunner.class);
  private static final Duration POLL = Duration.ofMillis(25);
  // How long an attempt's end is waited for before more is read.
  private static final Duration ATTEMPT_WAIT = Duration.ofMillis(2);
  // What is delivered and not committed comes again after a crash; a target that takes nothing
  // twice then has it told apart one by one.
  private static final Duration COMMIT_EVERY = Duration.ofMillis(100);
  private static final Duration LAG_EVERY = Duration.ofMillis(100);
  private static final Duration REVOKE_WAIT = Duration.ofSeconds(5);

  private final RunnerConfig config;
  private final Pace pace;
  private final LongSupplier nanoTime;
  private final Sink sink;
  private final SchemaRegistry registry;
  private final DeadLetters deadLetters;
  private final Refusals refusals;
  private final Workers workers;
  private final Breaker breaker;
  private final Throttle throttle;
  private final Thread poller;
  private final Map<TopicPartition, Lane> lanes = new HashMap<>();
  private final Map<TopicPartition, Attempt> attempts = new HashMap<>();
  private final SinkCounters counters = new SinkCounters();
  private final Commits commits;
  private KafkaConsumer<byte[], byte[]> consumer;
  private volatile boolean stopping;
  private boolean committing;
  private long lastCommit;
  private long lastLag;

  /**
   * A runner that waits for {@link #start}; closing it closes the sink.
   *
   * @param nanoTime a monotonic clock
   */
  public SinkRunner(RunnerConfig config, Sink sink, LongSupplier nanoTime) {
    this.config = config;
    this.sink = sink;
    this.pace = config.pace();
    this.commits = new Commits(sink);
    this.nanoTime = nanoTime;
    Map<String, Object> kafka = config.kafka();
    this.registry = new HttpSchemaRegistry(kafka);
    this.deadLetters =
        new DeadLetters(
            "sink/" + config.name(), config.topics().deadLetters(), SinkClients.deadLetters(kafka));
    this.consumer = SinkClients.consumer(config.name(), kafka);
    this.workers = new Workers(config.name(), pace.parallelism(), config.seconds());
    RunnerConfig.Limits limits = config.limits();
    this.breaker = new Breaker(limits.mostFailures(), limits.pause());
    this.throttle = new Throttle(limits.attemptsPerSecond());
    this.refusals = new Refusals(sink, config.redaction(), nanoTime);
    this.poller = new Thread(this::run, "sink-" + config.name());
  }

  public String name() {
    return config.name();
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
      while (!stopping) {
        live();
      }
    } finally {
      closeEverything();
    }
  }

  /** Works until it is told to stop; what breaks it is said, and another life begins later. */
  private void live() {
    try {
      consumer.subscribe(
          config.feeds().stream().map(feed -> feed.topic(config.topics())).toList(),
          new LaneKeeper());
      while (!stopping) {
        turn(false);
      }
      drain();
      counters.stopped();
    } catch (RuntimeException | Error e) {
      log.error("sink {} breaks, and begins again later: {}", name(), e.toString(), e);
      counters.failed(config.redaction().clean(e.toString()));
      begin();
    }
  }

  /** Forgets everything that is not committed; what was under way must not meet what comes. */
  private void begin() {
    closeConsumer();
    long end = nanoTime.getAsLong() + pace.misconfiguredPause().toNanos();
    while (!stopping && (workers.isBusy() || nanoTime.getAsLong() - end < 0)) {
      LockSupport.parkNanos(POLL.toNanos());
    }
    workers.completed(unused -> {});
    Set<TopicPartition> known = Set.copyOf(lanes.keySet());
    lanes.clear();
    attempts.clear();
    commits.forget(known);
    committing = false;
    counters.forget(known);
    if (!stopping) {
      consumer = SinkClients.consumer(config.name(), config.kafka());
    }
  }

  private void closeConsumer() {
    try {
      consumer.close();
    } catch (RuntimeException e) {
      log.warn("sink {}: its consumer does not close: {}", name(), e.toString());
    }
  }

  private void turn(boolean draining) {
    long now = nanoTime.getAsLong();
    boolean busy = workers.isBusy();
    ConsumerRecords<byte[], byte[]> read = consumer.poll(busy ? Duration.ZERO : POLL);
    for (ConsumerRecord<byte[], byte[]> each : read) {
      lane(new TopicPartition(each.topic(), each.partition())).add(each, now);
    }
    // The next attempt of a lane begins at once when the one before is over.
    workers.completed(busy && read.isEmpty() ? ATTEMPT_WAIT : Duration.ZERO, this::settle);
    submitAttempts(draining);
    pauseAndResume(draining);
    if (!committing && now - lastCommit >= COMMIT_EVERY.toNanos()) {
      beginCommit();
      lastCommit = now;
    }
    if (draining || now - lastLag >= LAG_EVERY.toNanos()) {
      counters.lag(consumer.assignment().stream().mapToLong(this::lag).sum());
      lastLag = now;
    }
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
          long now = nanoTime.getAsLong();
          if (!lane.isReady(now, flush) || !throttle.isOpen(now) || !breaker.admit(now)) {
            return;
          }
          Part part = lane.next(now, flush);
          if (part == null) {
            breaker.notTried();
          } else {
            throttle.take(now);
            Attempt attempt = attempts.computeIfAbsent(partition, unused -> newAttempt());
            workers.submit(partition, lane, attempt, part);
          }
        });
    counters.breaker(breaker.isOpen());
  }

  /** One for each partition: decoders are not shared between workers. */
  private Attempt newAttempt() {
    RecordDecoder decoder =
        new RecordDecoder(config.feeds(), config.topics(), registry, config.selection());
    SeriesBudget budget = new SeriesBudget(name(), config.limits().seriesPerRun(), config.memory());
    return new Attempt(sink, decoder, budget, refusals, deadLetters, config.redaction());
  }

  private void settle(Workers.Completion done) {
    Lane lane = done.lane();
    long now = nanoTime.getAsLong();
    if (done.outcome() instanceof Attempt.Outcome.Settled settled) {
      breaker.succeeded();
      lane.delivered();
      counters.settled(done.partition(), settled);
    } else if (done.outcome() instanceof Attempt.Outcome.Split) {
      breaker.succeeded();
      lane.refusedAsAWhole();
    } else if (done.outcome() instanceof Attempt.Outcome.Later later) {
      breaker.failed(now);
      lane.failed(later.after(), now);
      counters.retrying(done.partition(), later.reason());
      logSparingly(lane, done.partition(), later.reason());
    } else if (done.outcome() instanceof Attempt.Outcome.Stuck stuck) {
      breaker.failed(now);
      lane.failed(Optional.of(pace.misconfiguredPause()), now);
      counters.misconfigured(done.partition(), stuck.reason());
      if (Integer.bitCount(lane.failures()) == 1) {
        log.error("sink {} is misconfigured: {}", name(), stuck.reason());
      }
    }
  }

  /** The first failure and then ever fewer: an outage of hours must not fill the log. */
  private void logSparingly(Lane lane, TopicPartition partition, String reason) {
    if (Integer.bitCount(lane.failures()) == 1) {
      log.warn("sink {}: {} not delivered, trying again: {}", name(), partition, reason);
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

  private Map<TopicPartition, OffsetAndMetadata> toCommit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    lanes.forEach(
        (partition, lane) ->
            commits.due(partition, lane).ifPresent(offset -> offsets.put(partition, offset)));
    return offsets;
  }

  private void beginCommit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit();
    if (!offsets.isEmpty()) {
      committing = true;
      consumer.commitAsync(offsets, this::committed);
    }
  }

  private void committed(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception failure) {
    committing = false;
    if (failure == null) {
      commits.done(offsets);
    } else {
      notCommitted(failure);
    }
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit();
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets);
      commits.done(offsets);
    } catch (KafkaException e) {
      notCommitted(e);
    }
  }

  /** It will come again, and sinks bear that. */
  private void notCommitted(Exception failure) {
    log.warn("sink {}: could not commit, will try again: {}", name(), failure.toString());
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
    return lane.isIdle() || (!lane.isInFlight() && (lane.isHeldBack() || breaker.isOpen()));
  }

  private void closeEverything() {
    workers.stop();
    closeConsumer();
    workers.close();
    // Only now: an attempt that was still under way may have had dead letters to write.
    deadLetters.close();
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
      log.info("sink {} reads {}", name(), partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      long end = nanoTime.getAsLong() + REVOKE_WAIT.toNanos();
      while (nanoTime.getAsLong() - end < 0
          && partitions.stream().map(lanes::get).anyMatch(l -> l != null && l.isInFlight())) {
        workers.completed(SinkRunner.this::settle);
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
}
