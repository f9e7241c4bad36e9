package io.tailrace.embedded;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topic the schemas are kept in, or makes sure that an existing one will keep them. */
final class SchemasTopic {
  static final String NAME = "_schemas";
  private static final long PATIENCE_SECONDS = 30;

  private SchemasTopic() {}

  static void require(Admin admin) {
    try {
      create(admin);
      TopicDescription topic = describe(admin);
      if (topic.partitions().size() != 1) {
        throw new SchemaRegistryException(
            "topic %s has %d partitions; schemas need one order, so exactly 1"
                .formatted(NAME, topic.partitions().size()));
      }
      String policy = cleanupPolicy(admin);
      if (!policy.equals("compact")) {
        throw new SchemaRegistryException(
            "topic %s has cleanup.policy=%s; it would lose schemas, so it must be compact"
                .formatted(NAME, policy));
      }
    } catch (ExecutionException e) {
      throw new SchemaRegistryException(
          "cannot prepare the topic %s: %s".formatted(NAME, e.getCause()), e);
    } catch (TimeoutException e) {
      throw new SchemaRegistryException(
          "cannot prepare the topic %s: the cluster did not answer within %d s"
              .formatted(NAME, PATIENCE_SECONDS),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaRegistryException("interrupted while preparing the topic " + NAME, e);
    }
  }

  private static void create(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    NewTopic topic =
        new NewTopic(NAME, Optional.of(1), Optional.empty())
            .configs(Map.of("cleanup.policy", "compact"));
    try {
      admin.createTopics(List.of(topic)).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  /** A topic just created may be unknown for a moment to the broker that is asked. */
  private static TopicDescription describe(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      try {
        return admin
            .describeTopics(List.of(NAME))
            .topicNameValues()
            .values()
            .iterator()
            .next()
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > deadline) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private static String cleanupPolicy(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, NAME);
    return admin
        .describeConfigs(List.of(resource))
        .all()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .values()
        .stream()
        .map(configuration -> configuration.get("cleanup.policy"))
        .map(ConfigEntry::value)
        .findFirst()
        .orElse("unknown");
  }
}
