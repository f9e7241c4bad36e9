package io.tailrace.aggregator.topology;

import io.tailrace.aggregator.run.Counters;
import io.tailrace.aggregator.run.RunRules;
import io.tailrace.record.Aggregate;
import io.tailrace.record.DeadLetter;
import io.tailrace.record.RuleSet;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Violation;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.AvroSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The whole topology over one partition, with a log whose append times the test decides. */
final class AggregatorRig implements AutoCloseable {
  /** Some whole minute of 2026, in microseconds. */
  static final long T0 = 1_780_000_020_000_000L;

  static final long SECOND = 1_000_000L;

  final Topics topics = Topics.defaults();
  final MemoryRegistry registry = new MemoryRegistry();
  final int batchSchema =
      registry.register(
          SchemaRegistry.valueSubject(topics.samples()), SampleBatch.getClassSchema());
  final List<Aggregate> aggregates = new ArrayList<>();
  final List<RunEvent> events = new ArrayList<>();
  final List<RunSummary> summaries = new ArrayList<>();
  final List<DeadLetter> letters = new ArrayList<>();
  final List<RuleSet> ruleSets = new ArrayList<>();
  final List<Violation> violations = new ArrayList<>();
  final List<RunCommand> commands = new ArrayList<>();
  final List<TestRecord<byte[], byte[]>> raw = new ArrayList<>();
  final Counters counters = Counters.create();

  final FailedBatches failed = new FailedBatches();
  private final StatusBoard board = new StatusBoard();

  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> samples;

  AggregatorRig() {
    this(RunRules.defaults());
  }

  AggregatorRig(RunRules rules) {
    this(rules, 1);
  }

  /** As one partition of so many. */
  AggregatorRig(RunRules rules, int partitions) {
    AggregatorParts parts =
        new AggregatorParts(
            topics,
            partitions,
            rules,
            registry,
            registry.register(
                SchemaRegistry.valueSubject(topics.windows()), Aggregate.getClassSchema()),
            Map.of(),
            (topic, partition, from, to) -> false,
            board,
            counters,
            () -> ruleSets,
            () -> false,
            Faults.NONE);
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "rig");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    driver = new TopologyTestDriver(AggregatorTopology.of(parts, failed), settings);
    samples =
        driver.createInputTopic(
            topics.samples(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  static RunDescription description(RunMode mode, int expectedNodes) {
    return RunDescription.newBuilder()
        .setTestName("checkout")
        .setEnvironment("staging")
        .setVersion("1.2.3")
        .setTags(Map.of("team", "shop"))
        .setMode(mode)
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(expectedNodes)
        .setPlan(null)
        .setObjectives(List.of())
        .setReportUrl(null)
        .build();
  }

  FakeNode node(String run, String name) {
    return new FakeNode(this, run, name, T0);
  }

  /** Appends a record to the log at this moment, in microseconds. */
  void append(String run, byte[] value, long atMicros) {
    appendRaw(run.getBytes(StandardCharsets.UTF_8), value, atMicros);
  }

  void appendRaw(byte @Nullable [] key, byte @Nullable [] value, long atMicros) {
    samples.pipeInput(new TestRecord<>(key, value, Instant.ofEpochMilli(atMicros / 1000)));
    read(topics.windows(), Aggregate.class, aggregates);
    read(topics.runs(), RunEvent.class, events);
    read(topics.summaries(), RunSummary.class, summaries);
    read(topics.deadLetters(), DeadLetter.class, letters);
    read(topics.violations(), Violation.class, violations);
    read(topics.commands(), RunCommand.class, commands);
  }

  void tick(long atMicros) {
    appendRaw(null, null, atMicros);
  }

  /** A batch as any producer may change it. */
  SampleBatch read(byte[] value) {
    return Objects.requireNonNull(
        new AvroDeserializer<>(SampleBatch.class, registry).deserialize(topics.samples(), value));
  }

  byte[] write(SampleBatch batch) {
    return Objects.requireNonNull(
        new AvroSerializer<SampleBatch>(registry).serialize(topics.samples(), batch));
  }

  private <T extends SpecificRecord> void read(String topic, Class<T> type, List<T> into) {
    TestOutputTopic<byte[], byte[]> output =
        driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    AvroDeserializer<T> deserializer = new AvroDeserializer<>(type, registry);
    for (TestRecord<byte[], byte[]> record : output.readRecordsToList()) {
      raw.add(record);
      if (record.value() != null) {
        into.add(deserializer.deserialize(topic, record.value()));
      }
    }
  }

  /** Base windows that wait to be closed. */
  int openWindows() {
    return board.statuses().stream().mapToInt(PartitionStatus::openWindows).sum();
  }

  /** The latest revision of a series in the window that starts so many seconds after T0. */
  @Nullable Aggregate window(String series, long startSecond, long seconds) {
    Aggregate latest = null;
    for (Aggregate one : aggregates) {
      if (!one.getTotal()
          && !one.getSupplement()
          && one.getSeries().getName().equals(series)
          && one.getWindowStartMicros() == T0 + startSecond * SECOND
          && one.getWindowMicros() == seconds * SECOND) {
        latest = one;
      }
    }
    return latest;
  }

  List<Aggregate> of(long seconds) {
    return aggregates.stream()
        .filter(one -> !one.getTotal() && one.getWindowMicros() == seconds * SECOND)
        .toList();
  }

  List<Aggregate> totals() {
    return aggregates.stream().filter(Aggregate::getTotal).toList();
  }

  @Override
  public void close() {
    driver.close();
  }
}
