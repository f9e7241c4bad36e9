package io.tailrace.cli;

import static org.apache.kafka.clients.admin.AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.admin.AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG;

import io.tailrace.config.KafkaConnection;
import io.tailrace.doctor.ClusterCheck;
import io.tailrace.doctor.TopicsCheck;
import io.tailrace.service.Logging;
import io.tailrace.topics.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** A cluster as a command that a person waits for talks to it: impatiently. */
final class Cluster implements AutoCloseable {
  private static final String PATIENCE_MILLIS = "10000";

  /** Services start together with their cluster, and on machines that have much to do then. */
  private static final String SERVICE_PATIENCE_MILLIS = "60000";

  private final KafkaConnection connection;
  private final Admin admin;
  private final String patience;

  private Cluster(KafkaConnection connection, Admin admin, String patience) {
    this.connection = connection;
    this.admin = admin;
    this.patience = patience;
  }

  static Cluster connect(KafkaConnection connection) {
    Logging.quiet();
    return open(connection, PATIENCE_MILLIS);
  }

  /** Before a service starts on a cluster: one that is not there is said to be that. */
  static void requireAnswer(KafkaConnection connection) {
    try (Cluster cluster = open(connection, SERVICE_PATIENCE_MILLIS)) {
      int unused =
          cluster.call(
              admin -> {
                ClusterCheck.nodes(admin);
                return ExitCode.DONE;
              });
    }
  }

  /** Which of the topics that results are in are not there, and what to do; empty when all are. */
  static Optional<String> missing(KafkaConnection connection, Topics topics) {
    List<String> results =
        List.of(topics.windows(), topics.violations(), topics.runs(), topics.summaries());
    List<String> missing = new ArrayList<>();
    try (Cluster cluster = open(connection, SERVICE_PATIENCE_MILLIS)) {
      int unused =
          cluster.call(
              admin -> {
                results.stream()
                    .filter(topic -> TopicsCheck.isMissing(admin, topic))
                    .forEach(missing::add);
                return ExitCode.DONE;
              });
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", ", missing) + "; create them: tailrace topics create");
  }

  private static Cluster open(KafkaConnection connection, String patienceMillis) {
    Map<String, Object> properties = connection.clientProperties();
    properties.putIfAbsent(DEFAULT_API_TIMEOUT_MS_CONFIG, patienceMillis);
    properties.putIfAbsent(REQUEST_TIMEOUT_MS_CONFIG, patienceMillis);
    String patience = properties.get(DEFAULT_API_TIMEOUT_MS_CONFIG) + "ms";
    try {
      return new Cluster(connection, Admin.create(properties), patience);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw CommandFailure.wrongUsage(connection + ": " + cause.getMessage());
    }
  }

  /** Does the work; a cluster that does not answer is said to be that. */
  int call(ToIntFunction<Admin> work) {
    try {
      return work.applyAsInt(admin);
    } catch (TimeoutException e) {
      throw CommandFailure.failed(
          "no answer from Kafka at %s within %s; is it running, and is this the address it advertises?"
              .formatted(connection.bootstrapServers().orElse("(unnamed)"), patience));
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
