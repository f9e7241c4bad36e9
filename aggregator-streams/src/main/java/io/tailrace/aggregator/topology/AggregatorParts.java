package io.tailrace.aggregator.topology;

import io.tailrace.aggregator.run.Counters;
import io.tailrace.aggregator.run.RunRules;
import io.tailrace.record.RuleSet;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.Topics;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the topology is made of.
 *
 * @param partitions of the samples topic
 * @param aggregateSchemaId the schema id under which aggregates are written
 * @param changelog settings of the changelog beyond Kafka Streams' own
 * @param ruleSets the organisation's rule sets as they are now
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
    Supplier<List<RuleSet>> ruleSets,
    BooleanSupplier stopping,
    Faults faults) {
  public AggregatorParts {
    changelog = Map.copyOf(changelog);
  }

  String samplesSubject() {
    return SchemaRegistry.valueSubject(topics.samples());
  }
}
