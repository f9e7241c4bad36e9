package io.tailrace.sink.core.runner;

import io.tailrace.config.Redaction;
import io.tailrace.record.DeadLetter;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The runner's lanes and attempts around a sink, with records in memory instead of Kafka, and waits
 * that take no time.
 */
public final class DryRun {
  private static final Topics TOPICS = Topics.defaults();
  private static final int MOST_ATTEMPTS = 5_000;

  /** Where it stands when it ends. */
  public record Result(
      int delivered, int deadLettered, List<String> retries, List<String> stuck, Duration waited) {}

  private final Sink sink;
  private final Pace pace;
  private final Redaction redaction;
  private final Refusals refusals;
  private final InMemory registry = new InMemory();
  private final Map<Feed, List<ConsumerRecord<byte[], byte[]>>> log = new EnumMap<>(Feed.class);
  private final MockProducer<byte[], DeadLetter> letters =
      new MockProducer<>(true, null, new ByteArraySerializer(), new AvroSerializer<>(registry));

  public DryRun(Sink sink, int batchItems, Redaction redaction) {
    this.sink = sink;
    this.redaction = redaction;
    this.refusals = new Refusals(sink, redaction, System::nanoTime);
    this.pace =
        new Pace(
            batchItems,
            1 << 20,
            Duration.ofMillis(1),
            1,
            1L << 30,
            Backoff.DEFAULT,
            Duration.ofMinutes(1),
            Duration.ofSeconds(1));
  }

  /** Appends a record to its feed's topic. */
  public void add(Feed feed, SpecificRecord value) {
    String topic = feed.topic(TOPICS);
    byte[] bytes = new AvroSerializer<SpecificRecord>(registry).serialize(topic, value);
    List<ConsumerRecord<byte[], byte[]>> records =
        log.computeIfAbsent(feed, unused -> new ArrayList<>());
    byte[] key = {1};
    records.add(
        new ConsumerRecord<>(
            topic,
            0,
            records.size(),
            0,
            TimestampType.LOG_APPEND_TIME,
            key.length,
            bytes == null ? 0 : bytes.length,
            key,
            bytes,
            new RecordHeaders(),
            Optional.empty()));
  }

  /** Reads everything from the beginning, as after a crash before the first commit. */
  public Result run() throws InterruptedException {
    return run(MOST_ATTEMPTS);
  }

  /** As {@link #run()}, giving up after so many attempts that were not the last of their batch. */
  public Result run(int mostFailures) throws InterruptedException {
    DeadLetters deadLetters = new DeadLetters("sink/test", TOPICS.deadLetters(), letters);
    Tally tally = new Tally();
    for (Map.Entry<Feed, List<ConsumerRecord<byte[], byte[]>>> feed : log.entrySet()) {
      Lane lane = new Lane(pace, new Random(1));
      feed.getValue().forEach(record -> lane.add(record, tally.now));
      Attempt attempt =
          new Attempt(
              sink,
              new RecordDecoder(log.keySet(), TOPICS, registry, Selection.ALL),
              new SeriesBudget("test", SeriesBudget.NO_LIMIT, OnceJournal.inMemory()),
              refusals,
              deadLetters,
              redaction);
      while (!lane.isIdle() && tally.failures < mostFailures) {
        Part part = lane.next(tally.now, true);
        if (part == null) {
          tally.now += Duration.ofMillis(10).toNanos();
        } else {
          tally.take(attempt.make(part), lane, pace);
        }
      }
    }
    return new Result(
        tally.delivered,
        tally.deadLettered,
        List.copyOf(tally.retries),
        List.copyOf(tally.stuck),
        Duration.ofNanos(tally.now));
  }

  public List<DeadLetter> deadLetters() {
    return letters.history().stream().map(ProducerRecord::value).toList();
  }

  private static final class Tally {
    private final List<String> retries = new ArrayList<>();
    private final List<String> stuck = new ArrayList<>();
    private int delivered;
    private int deadLettered;
    private int failures;
    private long now;

    void take(Attempt.Outcome outcome, Lane lane, Pace pace) {
      if (outcome instanceof Attempt.Outcome.Settled settled) {
        delivered += settled.delivered();
        deadLettered += settled.deadLettered();
        lane.delivered();
      } else if (outcome instanceof Attempt.Outcome.Split) {
        lane.refusedAsAWhole();
      } else if (outcome instanceof Attempt.Outcome.Later later) {
        failures++;
        retries.add(later.reason());
        lane.failed(later.after(), now);
      } else if (outcome instanceof Attempt.Outcome.Stuck misconfigured) {
        failures++;
        stuck.add(misconfigured.reason());
        lane.failed(Optional.of(pace.misconfiguredPause()), now);
      }
    }
  }

  private static final class InMemory implements SchemaRegistry {
    private final List<Schema> schemas = new CopyOnWriteArrayList<>();

    @Override
    public synchronized int register(String subject, Schema schema) {
      if (!schemas.contains(schema)) {
        schemas.add(schema);
      }
      return schemas.indexOf(schema) + 1;
    }

    @Override
    public Schema byId(int id) {
      return schemas.get(id - 1);
    }

    @Override
    public int idOf(String subject, Schema schema) {
      return register(subject, schema);
    }
  }
}
