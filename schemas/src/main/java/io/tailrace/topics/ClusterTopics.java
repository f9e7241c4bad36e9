package io.tailrace.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The topics that a cluster really has. */
final class ClusterTopics {
  private static final Duration WRITABLE_WITHIN = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 50;

  private final Admin admin;

  ClusterTopics(Admin admin) {
    this.admin = admin;
  }

  void create(List<TopicSpec> topics, short replication) {
    Map<String, TopicDescription> present = describe(topics);
    List<NewTopic> missing =
        topics.stream()
            .filter(spec -> !present.containsKey(spec.name()))
            .map(
                spec ->
                    new NewTopic(spec.name(), spec.partitions(), replication)
                        .configs(spec.config()))
            .toList();
    if (!missing.isEmpty()) {
      admin.createTopics(missing).values().forEach(ClusterTopics::createdByUsOrAnother);
    }
    awaitLeading(awaitLeaders(topics));
  }

  List<Drift> check(List<TopicSpec> topics) {
    Map<String, TopicDescription> present = describe(topics);
    Map<String, Config> configs = configs(present.keySet().stream().toList());
    List<Drift> drifts = new ArrayList<>();
    for (TopicSpec spec : topics) {
      TopicDescription description = present.get(spec.name());
      Config config = configs.get(spec.name());
      if (description == null || config == null) {
        drifts.add(new Drift(spec.name(), Drift.EXISTENCE, "present", "absent"));
      } else {
        drifts.addAll(compare(spec, description, config));
      }
    }
    return drifts;
  }

  private static List<Drift> compare(TopicSpec spec, TopicDescription description, Config config) {
    List<Drift> drifts = new ArrayList<>();
    int partitions = description.partitions().size();
    if (partitions != spec.partitions()) {
      drifts.add(
          new Drift(
              spec.name(),
              Drift.PARTITIONS,
              Integer.toString(spec.partitions()),
              Integer.toString(partitions)));
    }
    spec.config().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            setting -> {
              ConfigEntry entry = config.get(setting.getKey());
              String actual = entry == null ? null : entry.value();
              if (!setting.getValue().equals(actual)) {
                drifts.add(
                    new Drift(
                        spec.name(),
                        setting.getKey(),
                        setting.getValue(),
                        actual == null ? "not set" : actual));
              }
            });
    return drifts;
  }

  private List<TopicPartition> awaitLeaders(List<TopicSpec> topics) {
    long deadline = System.nanoTime() + WRITABLE_WITHIN.toNanos();
    while (true) {
      Map<String, TopicDescription> present = describe(topics);
      List<String> pending =
          topics.stream()
              .map(TopicSpec::name)
              .filter(name -> !hasLeaders(present.get(name)))
              .toList();
      if (pending.isEmpty()) {
        return present.values().stream().flatMap(ClusterTopics::partitions).toList();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException(
            "topics were created but have no leader after " + WRITABLE_WITHIN + ": " + pending);
      }
      pause();
    }
  }

  private static boolean hasLeaders(@Nullable TopicDescription topic) {
    return topic != null
        && topic.partitions().stream()
            .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
  }

  private static Stream<TopicPartition> partitions(TopicDescription topic) {
    return topic.partitions().stream()
        .map(partition -> new TopicPartition(topic.name(), partition.partition()));
  }

  // A broker is told that it leads a partition, and tells others so, before it does. A producer
  // that
  // has several batches under way in that moment can have a later one taken before its first: the
  // first is then out of order for good. The end of a partition is known to its leader alone, so
  // the
  // client asks until there is one.
  private void awaitLeading(List<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    partitions.forEach(partition -> ends.put(partition, OffsetSpec.latest()));
    get(
        admin
            .listOffsets(ends, new ListOffsetsOptions().timeoutMs((int) WRITABLE_WITHIN.toMillis()))
            .all());
  }

  private Map<String, TopicDescription> describe(List<TopicSpec> topics) {
    Map<String, TopicDescription> present = new HashMap<>();
    admin
        .describeTopics(topics.stream().map(TopicSpec::name).toList())
        .topicNameValues()
        .forEach(
            (name, description) -> {
              try {
                present.put(name, get(description));
              } catch (UnknownTopicOrPartitionException absent) {
                // Absent from the answer, which is how callers see that it is missing.
              }
            });
    return present;
  }

  private Map<String, Config> configs(List<String> names) {
    Map<String, Config> configs = new HashMap<>();
    admin
        .describeConfigs(
            names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList())
        .values()
        .forEach((resource, config) -> configs.put(resource.name(), get(config)));
    return configs;
  }

  private static void createdByUsOrAnother(String name, KafkaFuture<Void> created) {
    try {
      get(created);
    } catch (TopicExistsException another) {
      // Two services that start together both create: the one that comes second finds it done.
    }
  }

  private static <V> V get(KafkaFuture<V> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException kafka) {
        throw kafka;
      }
      throw new KafkaException(e.getCause());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
