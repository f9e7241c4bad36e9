package io.tailrace.aggregator.app;

import io.tailrace.aggregator.run.RunRules;
import io.tailrace.config.KafkaConnection;
import io.tailrace.service.EndpointConfig;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;

/**
 * What the aggregator runs with.
 *
 * @param kafka the cluster and its schema registry
 * @param topics the topics' names
 * @param catalogue the topics as they are created where they are missing
 * @param replication of topics that are created; -1 leaves it to the cluster
 * @param applicationId the name under which all instances share the work
 * @param threads stream threads of this instance
 * @param standbys copies of each task's state on other instances
 * @param rules how runs are aggregated
 * @param endpoint where health and metrics are answered
 */
public record AggregatorConfig(
    KafkaConnection kafka,
    Topics topics,
    TopicCatalogue catalogue,
    short replication,
    String applicationId,
    int threads,
    int standbys,
    RunRules rules,
    EndpointConfig endpoint) {
  public static final String BLOCK = "aggregator";
}
