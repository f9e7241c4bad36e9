package io.tailrace.aggregator.topology;

import io.tailrace.aggregator.run.Counters;
import io.tailrace.aggregator.run.RunRules;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.Topics;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What the topology is made of.
 *
 * @param partitions of the samples topic
 * @param aggregateSchemaId the schema id under which aggregates are written
 * @param changelog settings of the changelog beyond Kafka Streams' own
 * @param stopping whether the process is about to end
 */
public record AggregatorParts(
    Topics topics,
    int partitions,
    RunRules rules,
    SchemaRegistry registry,
    int aggregateSchemaId,
    Map<String, String> changelog,
    SkippedRecords skipped,
    StatusBoard board,
    Counters counters,
    BooleanSupplier stopping,
    Faults faults) {
  public AggregatorParts {
    changelog = Map.copyOf(changelog);
  }

  String samplesSubject() {
    return SchemaRegistry.valueSubject(topics.samples());
  }
}
