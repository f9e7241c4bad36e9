package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.config.TopicsConfig;
import io.tailrace.service.Logging;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;

/**
 * The cluster and the names in it that a command works with.
 *
 * @param kafka complete: it names a cluster
 */
record Pipeline(KafkaConnection kafka, Topics topics) {
  static Pipeline of(ClusterOptions options, Session session) {
    record Given(KafkaConnection kafka, Topics topics) {}

    Given given =
        options
            .open(session)
            .read(
                root ->
                    new Given(
                        KafkaConnection.from(root),
                        TopicsConfig.from(
                                root.block(TopicsConfig.BLOCK), TopicCatalogue.DEFAULT_PARTITIONS)
                            .topics()));
    Logging.quiet();
    return new Pipeline(ClusterOptions.reachable(given.kafka(), session), given.topics());
  }
}
