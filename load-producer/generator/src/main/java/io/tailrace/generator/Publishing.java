package io.tailrace.generator;

import io.tailrace.generator.fleet.CommandChannel;
import io.tailrace.generator.plan.Plan;
import io.tailrace.objective.Rule;
import io.tailrace.publisher.SamplePublisher;
import io.tailrace.publisher.SteadyClock;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.topics.Topics;
import java.util.Map;

/**
 * Where a node's samples go and its commands come from.
 *
 * @param memoryBytes for samples that Kafka does not have yet
 */
public record Publishing(Map<String, Object> kafka, Topics topics, long memoryBytes) {

  public static final long LEAST_MEMORY_BYTES = 1 << 20;
  public static final long DEFAULT_MEMORY_BYTES = 64 << 20;

  public Publishing {
    kafka = Map.copyOf(kafka);
  }

  public Publishing(Map<String, Object> kafka, Topics topics) {
    this(kafka, topics, DEFAULT_MEMORY_BYTES);
  }

  SamplePublisher publisher(Plan plan, LoadOptions options, SteadyClock clock) {
    return SamplePublisher.builder()
        .kafka(kafka)
        .topics(topics)
        .run(options.run())
        .node(options.node())
        .description(description(plan, options))
        .clock(clock)
        .memoryBound(memoryBytes)
        .start();
  }

  CommandChannel commands(LoadOptions options, SteadyClock clock) {
    return CommandChannel.announce(
        kafka, topics, options.run(), options.node(), options.share().of(), clock);
  }

  private static RunDescription description(Plan plan, LoadOptions options) {
    return RunDescription.newBuilder()
        .setTestName(plan.name())
        .setEnvironment(plan.environment())
        .setVersion(plan.version())
        .setTags(plan.tags())
        .setMode(RunMode.LIVE)
        .setGitCommit(null)
        .setGitBranch(null)
        .setExpectedNodes(options.share().of())
        .setPlan(plan.text())
        .setObjectives(plan.objectives().stream().map(Rule::toRecord).toList())
        .setReportUrl(plan.reportUrl())
        .build();
  }
}
