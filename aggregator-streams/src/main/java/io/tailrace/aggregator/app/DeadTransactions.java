package io.tailrace.aggregator.app;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transaction that a dead instance left open. Until it has ended, nobody who reads
 * committed records gets past it, restoring instances and sinks alike; by itself it ends when it
 * has timed out and the broker next looks, which is up to 20 s later.
 *
 * <p>Dead is a stream thread that is no member of the group any more: its tasks are somebody
 * else's, and whatever it has not committed will never be.
 */
final class DeadTransactions implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(DeadTransactions.class);
  private static final int PATIENCE_MILLIS = 5_000;

  private final String application;
  private final List<String> topics;
  private final Admin admin;
  private final BooleanSupplier isRunning;
  private final Pattern member;
  private Set<String> suspects = Set.of();

  /** With the topics that have to have leaders before a transaction can end well. */
  DeadTransactions(
      String application, List<String> topics, Admin admin, BooleanSupplier isRunning) {
    this.application = application;
    this.topics = List.copyOf(topics);
    this.admin = admin;
    this.isRunning = isRunning;
    member =
        Pattern.compile(
            Pattern.quote(application + "-") + "([0-9a-f-]{36})-StreamThread-([0-9]+)-.*");
  }

  /** Called every second; looks only while the instance waits for its tasks. */
  @Override
  public void run() {
    if (isRunning.getAsBoolean()) {
      suspects = Set.of();
      return;
    }
    try {
      Set<String> dead = open();
      if (!dead.isEmpty()) {
        dead.removeAll(alive());
      }
      // Twice, so that nobody who is just joining is taken for dead.
      Set<String> surely = new HashSet<>(dead);
      surely.retainAll(suspects);
      suspects = dead;
      if (!surely.isEmpty() && allHaveLeaders()) {
        LOG.info("ending the transactions that dead instances left open: {}", surely);
        FenceProducersOptions options = new FenceProducersOptions();
        await(admin.fenceProducers(surely, options.timeoutMs(PATIENCE_MILLIS)).all());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      // They end by themselves, only later.
      LOG.debug("cannot look after transactions of dead instances: {}", e.toString());
    }
  }

  /** Ids of the application's transactions that are under way. */
  private Set<String> open() throws InterruptedException, ExecutionException, TimeoutException {
    Collection<TransactionListing> listings =
        await(
            admin
                .listTransactions(
                    new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING)))
                .all());
    Set<String> ids = new HashSet<>();
    for (TransactionListing listing : listings) {
      if (listing.transactionalId().startsWith(application + "-")) {
        ids.add(listing.transactionalId());
      }
    }
    return ids;
  }

  /** Ids that the stream threads in the group write transactions under. */
  private Set<String> alive() throws InterruptedException, ExecutionException, TimeoutException {
    ConsumerGroupDescription group =
        await(admin.describeConsumerGroups(List.of(application)).all()).get(application);
    if (group == null) {
      throw new IllegalStateException("nothing is said of group " + application);
    }
    Set<String> ids = new HashSet<>();
    for (MemberDescription one : group.members()) {
      Matcher matcher = member.matcher(one.clientId());
      if (!matcher.matches()) {
        throw new IllegalStateException("cannot tell whose member " + one.clientId() + " is");
      }
      ids.add(application + "-" + matcher.group(1) + "-" + matcher.group(2));
    }
    return ids;
  }

  /** A transaction that is ended while a partition has no leader can be left open for good. */
  private boolean allHaveLeaders()
      throws InterruptedException, ExecutionException, TimeoutException {
    for (TopicDescription topic : await(admin.describeTopics(topics).allTopicNames()).values()) {
      if (topic.partitions().stream().anyMatch(one -> one.leader() == null)) {
        return false;
      }
    }
    return true;
  }

  private static <T> T await(KafkaFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }
}
