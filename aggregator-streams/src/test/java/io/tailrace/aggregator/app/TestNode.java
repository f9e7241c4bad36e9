package io.tailrace.aggregator.app;

import io.tailrace.objective.Rule;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.wire.SampleBatchWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A load node of a run, which publishes when the test says so. */
final class TestNode implements AutoCloseable {
  private final String topic;
  private final String run;
  private final String name;
  private final RunMode mode;
  private final long epochMicros;
  private final SampleBatchWriter writer;
  private final KafkaProducer<byte[], byte[]> producer;
  private long sequence;
  private long published;
  private long watermark;
  private boolean begun;

  private TestNode(TestRun topics, String run, String name, RunMode mode, long epochMicros) {
    this.topic = topics.topics().samples();
    this.run = run;
    this.name = name;
    this.mode = mode;
    this.epochMicros = epochMicros;
    writer = new SampleBatchWriter(topics.batchSchema());
    producer = topics.producer();
  }

  /** The only node of the only run, with one objective. */
  static TestNode of(TestRun topics, RunMode mode, long epochMicros, String objective) {
    TestNode node = new TestNode(topics, "run-1", "node-1", mode, epochMicros);
    return node.join(1, objective);
  }

  /** One of several nodes of a live run that starts now. */
  static TestNode live(TestRun topics, String run, String name, int nodes) {
    return new TestNode(topics, run, name, RunMode.LIVE, nowMicros()).join(nodes);
  }

  private TestNode join(int nodes, String... objectives) {
    begin();
    writer.joined(description(mode, nodes, "", objectives));
    return this;
  }

  static RunDescription description(RunMode mode, int nodes, String version, String... objectives) {
    return RunDescription.newBuilder()
        .setTestName("checkout")
        .setEnvironment("staging")
        .setVersion(version)
        .setTags(Map.of())
        .setMode(mode)
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(nodes)
        .setPlan("the plan's text")
        .setObjectives(Stream.of(objectives).map(line -> Rule.parse(line).toRecord()).toList())
        .setReportUrl(null)
        .build();
  }

  private void begin() {
    if (!begun) {
      writer.begin(run, name, epochMicros);
      begun = true;
    }
  }

  void sample(long endMicros, long latencyMicros) {
    begin();
    int series = writer.series("home", "GET", "", Map.of());
    writer.sample(writer.outcome(series, 200, null), endMicros, latencyMicros, 0, -1, 0, 10, 100);
  }

  void leave(LeaveReason reason) {
    begin();
    writer.left(reason, reason == LeaveReason.ABORTED ? "an objective failed" : "");
  }

  void flush(long watermarkMicros) throws ExecutionException, InterruptedException {
    watermark = watermarkMicros;
    repeat();
  }

  /** Publishes what there is, with the promise made last. */
  void repeat() throws ExecutionException, InterruptedException {
    begin();
    begun = false;
    long sent = mode == RunMode.LIVE ? nowMicros() : watermark;
    byte[] value = writer.finish(sequence++, published, 0, sent, watermark);
    published += writer.sampleCount();
    byte[] key = run.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(topic, key, value)).get();
  }

  static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
