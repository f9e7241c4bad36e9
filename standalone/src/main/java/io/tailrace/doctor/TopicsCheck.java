package io.tailrace.doctor;

import io.tailrace.topics.Drift;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.TopicSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Whether the topics are there as they should be, and what may be done with them. */
public final class TopicsCheck {
  private static final String TOPICS = "topics";
  private static final String PERMISSIONS = "permissions";

  private final Admin admin;
  private final TopicCatalogue catalogue;
  private final Findings findings;

  public TopicsCheck(Admin admin, TopicCatalogue catalogue, Findings findings) {
    this.admin = admin;
    this.catalogue = catalogue;
    this.findings = findings;
  }

  /** False also for a topic that may not be looked at. */
  public static boolean isMissing(Admin admin, String topic) {
    try {
      return Answers.of(admin.describeTopics(List.of(topic)).allTopicNames()).isEmpty();
    } catch (UnknownTopicOrPartitionException e) {
      return true;
    } catch (AuthorizationException e) {
      return false;
    }
  }

  public void examine() {
    try {
      List<Drift> drifts = catalogue.check(admin);
      List<String> absent =
          drifts.stream()
              .filter(drift -> drift.setting().equals(Drift.EXISTENCE))
              .map(Drift::topic)
              .toList();
      if (!absent.isEmpty()) {
        findings.wrong(TOPICS, "missing: " + String.join(", ", absent), "tailrace topics create");
      }
      drifts.stream()
          .filter(drift -> !drift.setting().equals(Drift.EXISTENCE))
          .forEach(drift -> findings.wrong(TOPICS, drift.toString(), cure(drift)));
      if (drifts.isEmpty()) {
        findings.fine(TOPICS, catalogue.topics().size() + " topics as they should be");
      }
      permissions(
          catalogue.topics().stream()
              .map(TopicSpec::name)
              .filter(name -> !absent.contains(name))
              .toList());
    } catch (KafkaException e) {
      findings.wrong(
          TOPICS,
          "cannot be looked at: " + e.getMessage(),
          "allow DESCRIBE and DESCRIBE_CONFIGS on them");
    }
  }

  private static String cure(Drift drift) {
    return drift.setting().equals(Drift.PARTITIONS)
        ? "set topics.partitions to what there is; adding partitions would tear runs apart"
        : "kafka-configs --alter --entity-type topics --entity-name %s --add-config %s=%s"
            .formatted(drift.topic(), drift.setting(), drift.expected());
  }

  private void permissions(List<String> present) {
    Map<AclOperation, Set<String>> lacking = new TreeMap<>();
    Answers.of(
            admin
                .describeTopics(
                    present, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .allTopicNames())
        .forEach(
            (name, topic) -> {
              for (AclOperation needed : List.of(AclOperation.READ, AclOperation.WRITE)) {
                if (!allowed(topic, needed)) {
                  lacking.computeIfAbsent(needed, n -> new TreeSet<>()).add(name);
                }
              }
            });
    if (lacking.isEmpty()) {
      findings.fine(PERMISSIONS, "all topics that are there may be read and written");
    }
    lacking.forEach(
        (operation, names) ->
            findings.doubtful(
                PERMISSIONS,
                "no %s on %s".formatted(operation, String.join(", ", names)),
                "fine if this service does not need it; docs say what each one needs"));
  }

  private static boolean allowed(TopicDescription topic, AclOperation operation) {
    Set<AclOperation> operations = topic.authorizedOperations();
    // A cluster without an authorizer allows everything and need not say so.
    return operations == null || operations.isEmpty() || operations.contains(operation);
  }
}
