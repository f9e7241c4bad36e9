package io.tailrace.publisher;

import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.Topics;
import io.tailrace.wire.RecordModel;
import io.tailrace.wire.SampleBatchWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link SamplePublisher} is started with. */
public final class SamplePublisherBuilder {

  private static final int LEAST_BATCH_BYTES = 1 << 10;
  private static final int MOST_BATCH_BYTES = 512 << 10;
  private static final int MOST_DESCRIPTION_BYTES = 512 << 10;
  private static final Duration LONGEST_FLUSH = Duration.ofSeconds(10);

  private final Map<String, Object> kafka = new HashMap<>();
  private final long processId = ProcessHandle.current().pid();
  private Topics topics = Topics.defaults();
  private @Nullable SchemaRegistry registry;
  private @Nullable String run;
  private @Nullable String node;
  private @Nullable RunDescription description;
  private long memoryBound = 64 << 20;
  private Duration flushInterval = Duration.ofMillis(100);
  private int batchBytes = 64 << 10;
  private LongSupplier clock = new SteadyClock();
  private Duration connectTimeout = Duration.ofSeconds(30);

  SamplePublisherBuilder() {}

  /** Where Kafka is. */
  public SamplePublisherBuilder bootstrapServers(String servers) {
    kafka.put("bootstrap.servers", servers);
    return this;
  }

  /** Any properties of Kafka's clients and of the schema registry, such as security. */
  public SamplePublisherBuilder kafka(Map<String, ?> properties) {
    kafka.putAll(properties);
    return this;
  }

  /** Where the schema registry is. */
  public SamplePublisherBuilder registryUrl(String url) {
    kafka.put("schema.registry.url", url);
    return this;
  }

  /** A registry of the caller's own. */
  public SamplePublisherBuilder registry(SchemaRegistry registry) {
    this.registry = registry;
    return this;
  }

  /** The topics; by default those with the prefix {@code tailrace.}. */
  public SamplePublisherBuilder topics(Topics topics) {
    this.topics = topics;
    return this;
  }

  /** The run's id, the same on all of its nodes. */
  public SamplePublisherBuilder run(String id) {
    this.run = id;
    return this;
  }

  /** This node's name, unique within the run; by default host and process. */
  public SamplePublisherBuilder node(String name) {
    this.node = name;
    return this;
  }

  /** What the run is; by default a live run of one node, named as its id. */
  public SamplePublisherBuilder description(RunDescription description) {
    this.description = description;
    return this;
  }

  /** How much memory samples may take until Kafka has them; by default 64 MiB. */
  public SamplePublisherBuilder memoryBound(long bytes) {
    this.memoryBound = bytes;
    return this;
  }

  /** How long a sample waits for others at most; by default 100 ms. */
  public SamplePublisherBuilder flushInterval(Duration interval) {
    this.flushInterval = interval;
    return this;
  }

  /** How large a batch may become, by default 64 KiB; it leaves without waiting near to that. */
  public SamplePublisherBuilder batchBytes(int bytes) {
    this.batchBytes = bytes;
    return this;
  }

  /** Microseconds since 1970, the clock that samples' ends are read from; it must not run back. */
  public SamplePublisherBuilder clock(LongSupplier micros) {
    this.clock = micros;
    return this;
  }

  /** How long to look for the topic when starting; by default 30 s. */
  public SamplePublisherBuilder connectTimeout(Duration timeout) {
    this.connectTimeout = timeout;
    return this;
  }

  /**
   * Connects, and joins the run.
   *
   * @throws IllegalArgumentException when a setting is missing or impossible
   * @throws org.apache.kafka.common.KafkaException when Kafka or the registry cannot be reached or
   *     refuses
   */
  public SamplePublisher start() {
    if (!kafka.containsKey("bootstrap.servers")) {
      throw new IllegalArgumentException("bootstrap.servers is missing: where is Kafka?");
    }
    if (registry == null && !kafka.containsKey("schema.registry.url")) {
      throw new IllegalArgumentException(
          "schema.registry.url is missing: where is the schema registry?");
    }
    PublisherSettings settings = settings();
    SamplesOutlet outlet =
        SamplesOutlet.open(
            kafka,
            registry,
            topics.samples(),
            settings.identity(),
            settings.shares(),
            connectTimeout);
    return new SamplePublisher(settings, outlet.writer(), outlet::delivery);
  }

  /** Publishes to nowhere, to try a program or to warm it up: every batch is made and forgotten. */
  public SamplePublisher startForNothing() {
    byte[] key = {};
    MockProducer<byte[], byte[]> nowhere = new Nowhere();
    return new SamplePublisher(
        settings(),
        new SampleBatchWriter(0),
        budget -> new Delivery(Nowhere::new, nowhere, budget, topics.samples(), key, 1 << 20));
  }

  /** Takes every record and keeps none. */
  private static final class Nowhere extends MockProducer<byte[], byte[]> {
    Nowhere() {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      Future<RecordMetadata> sent = super.send(record, callback);
      clear();
      return sent;
    }
  }

  PublisherSettings settings() {
    if (run == null || run.isBlank()) {
      throw new IllegalArgumentException("run is missing: expected the run's id");
    }
    require("memory bound", memoryBound, MemoryShares.LEAST_BYTES, Integer.MAX_VALUE);
    long mostBatch = Math.min(MOST_BATCH_BYTES, memoryBound / 8);
    require("batch bytes", batchBytes, LEAST_BATCH_BYTES, mostBatch);
    require("flush interval (ms)", flushInterval.toMillis(), 1, LONGEST_FLUSH.toMillis());
    NodeIdentity identity =
        new NodeIdentity(run, node == null ? defaultNode() : node, clock.getAsLong(), clock);
    return new PublisherSettings(
        identity,
        described(identity),
        MemoryShares.of(memoryBound, batchBytes),
        batchBytes,
        flushInterval);
  }

  private RunDescription described(NodeIdentity identity) {
    RunDescription given = description;
    RunDescription described =
        given == null
            ? plain(identity.run())
            : RecordModel.INSTANCE.deepCopy(RunDescription.getClassSchema(), given);
    if (described.getGitCommit() == null && described.getGitBranch() == null) {
      GitRevision revision = GitRevision.find(System.getenv(), Path.of(""));
      described.setGitCommit(revision.commit());
      described.setGitBranch(revision.branch());
    }
    SampleBatchWriter writer = new SampleBatchWriter(0);
    writer.begin(identity.run(), identity.node(), identity.epochMicros());
    writer.joined(described);
    require("run description (bytes)", writer.sizeEstimate(), 0, MOST_DESCRIPTION_BYTES);
    return described;
  }

  private static RunDescription plain(String run) {
    return RunDescription.newBuilder()
        .setTestName(run)
        .setEnvironment("")
        .setVersion("")
        .setTags(Map.of())
        .setMode(RunMode.LIVE)
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(1)
        .setPlan(null)
        .setObjectives(List.of())
        .setReportUrl(null)
        .build();
  }

  private String defaultNode() {
    try {
      return InetAddress.getLocalHost().getHostName() + "-" + processId;
    } catch (UnknownHostException e) {
      return "node-" + processId;
    }
  }

  private static void require(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s %,d: expected %,d to %,d".formatted(what, value, least, most));
    }
  }
}
