package io.tailrace.doctor;

import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;

/** Whether the cluster answers, and what time it thinks it is. */
public final class ClusterCheck {
  private static final String KAFKA = "kafka";
  private static final String CLOCK = "clock";

  /** The same as between a load node and the broker, beyond which event times are shifted. */
  private static final Duration MOST_SKEW = Duration.ofSeconds(2);

  private final Admin admin;
  private final Findings findings;

  public ClusterCheck(Admin admin, Findings findings) {
    this.admin = admin;
    this.findings = findings;
  }

  /** The brokers of a cluster that answers; what it says instead, it throws. */
  public static Collection<Node> nodes(Admin admin) {
    return Answers.of(admin.describeCluster().nodes());
  }

  /** False when nothing else about the cluster can be found out. */
  public boolean answers(String address) {
    try {
      DescribeClusterResult cluster = admin.describeCluster();
      Collection<Node> nodes = Answers.of(cluster.nodes());
      findings.fine(
          KAFKA,
          "%s: cluster %s, %d broker%s"
              .formatted(
                  address,
                  Answers.of(cluster.clusterId()),
                  nodes.size(),
                  nodes.size() == 1 ? "" : "s"));
      return true;
    } catch (KafkaException e) {
      findings.wrong(
          KAFKA,
          "no answer from " + address + ": " + e.getMessage(),
          "is it running, is the address the one it advertises, and does the kafka: block say how"
              + " to log in?");
      return false;
    }
  }

  /** By the quorum's leader, whose own state is of the moment in which it answers. */
  public void clock(LongSupplier nowMillis) {
    try {
      long before = nowMillis.getAsLong();
      QuorumInfo quorum = Answers.of(admin.describeMetadataQuorum().quorumInfo());
      long after = nowMillis.getAsLong();
      OptionalLong leader =
          quorum.voters().stream()
              .filter(voter -> voter.replicaId() == quorum.leaderId())
              .map(QuorumInfo.ReplicaState::lastCaughtUpTimestamp)
              .findFirst()
              .orElse(OptionalLong.empty());
      if (leader.isEmpty() || leader.getAsLong() <= 0) {
        findings.doubtful(CLOCK, "the cluster does not tell its time", "");
      } else {
        compare(leader.getAsLong(), before, after);
      }
    } catch (KafkaException e) {
      findings.doubtful(
          CLOCK, "the cluster does not tell its time: " + e.getMessage(), "allow DESCRIBE on it");
    }
  }

  private void compare(long theirs, long before, long after) {
    long skew = theirs < before ? theirs - before : Math.max(0, theirs - after);
    String text =
        skew == 0
            ? "the cluster's clock and this one agree within %d ms".formatted(after - before)
            : "the cluster's clock is %d ms %s of this one"
                .formatted(Math.abs(skew), skew > 0 ? "ahead" : "behind");
    if (Math.abs(skew) > MOST_SKEW.toMillis()) {
      findings.wrong(
          CLOCK, text, "let both follow NTP; event times of load nodes are shifted by as much");
    } else {
      findings.fine(CLOCK, text);
    }
  }
}
