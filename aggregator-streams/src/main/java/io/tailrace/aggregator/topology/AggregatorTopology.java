package io.tailrace.aggregator.topology;

import io.tailrace.topics.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;

/** From the samples to everything that is told of them, in one step. */
public final class AggregatorTopology {
  static final String SAMPLES = "samples";
  static final String RUN_AGGREGATOR = "run-aggregator";
  static final String LIVE_STORE = "live";
  static final String WINDOWS = "windows";
  static final String RUNS = "runs";
  static final String SUMMARIES = "summaries";
  static final String VIOLATIONS = "violations";
  static final String COMMANDS = "commands";
  static final String DEAD_LETTERS = "dead-letters";

  private AggregatorTopology() {}

  public static Topology of(AggregatorParts parts) {
    return of(parts, new FailedBatches());
  }

  static Topology of(AggregatorParts parts, FailedBatches failed) {
    Topics topics = parts.topics();
    ByteArrayDeserializer in = new ByteArrayDeserializer();
    ByteArraySerializer out = new ByteArraySerializer();
    return new Topology()
        .addSource(SAMPLES, in, in, topics.samples())
        .addProcessor(RUN_AGGREGATOR, () -> new RunProcessor(parts, failed), SAMPLES)
        .addStateStore(
            new LiveStoreBuilder(LIVE_STORE, parts.changelog(), parts.faults()), RUN_AGGREGATOR)
        .addSink(WINDOWS, topics.windows(), out, out, RUN_AGGREGATOR)
        .addSink(RUNS, topics.runs(), out, out, RUN_AGGREGATOR)
        .addSink(SUMMARIES, topics.summaries(), out, out, RUN_AGGREGATOR)
        .addSink(VIOLATIONS, topics.violations(), out, out, RUN_AGGREGATOR)
        .addSink(COMMANDS, topics.commands(), out, out, RUN_AGGREGATOR)
        .addSink(DEAD_LETTERS, topics.deadLetters(), out, out, RUN_AGGREGATOR);
  }
}
