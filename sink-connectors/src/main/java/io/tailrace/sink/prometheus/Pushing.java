package io.tailrace.sink.prometheus;

import io.tailrace.sink.core.Delivery;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when runs are pushed and when their groups are deleted. Pushes are part of deliveries, so
 * that a Pushgateway that is down holds up the sink; a thread of its own only deletes.
 */
final class Pushing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pushing.class);
  private static final Duration DELETE_EVERY = Duration.ofSeconds(1);

  private final Pushgateway pushgateway;
  private final Duration interval;
  private final LongSupplier nanoTime;
  private final Collection<PartitionRuns> partitions;
  private final Map<PartitionRuns, Long> lastPushes = new ConcurrentHashMap<>();
  private final ScheduledExecutorService deleter =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "sink-prometheus-delete");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param partitions a view of all there are
   */
  Pushing(
      Pushgateway pushgateway,
      Duration interval,
      LongSupplier nanoTime,
      Collection<PartitionRuns> partitions) {
    this.pushgateway = pushgateway;
    this.interval = interval;
    this.nanoTime = nanoTime;
    this.partitions = partitions;
    long every = DELETE_EVERY.toMillis();
    ScheduledFuture<?> unused =
        deleter.scheduleWithFixedDelay(this::deleteOld, every, every, TimeUnit.MILLISECONDS);
  }

  /** Pushes what has changed when it is time to, or when a run has ended. */
  Delivery pushIfDue(PartitionRuns runs) throws IOException, InterruptedException {
    long now = nanoTime.getAsLong();
    Long last = lastPushes.get(runs);
    if (last != null && now - last < interval.toNanos() && !runs.hasUnpushedEnd()) {
      return Delivery.accepted();
    }
    for (OpenRun run : runs.changed()) {
      Delivery pushed = push(runs, run);
      if (!(pushed instanceof Delivery.Accepted)) {
        return pushed;
      }
    }
    lastPushes.put(runs, now);
    return Delivery.accepted();
  }

  private Delivery push(PartitionRuns runs, OpenRun run) throws IOException, InterruptedException {
    boolean done = false;
    try {
      Delivery pushed = pushgateway.push(run.id(), runs.textToPush(run));
      done = pushed instanceof Delivery.Accepted;
      return pushed;
    } finally {
      if (!done) {
        runs.notPushed(run);
      }
    }
  }

  private void deleteOld() {
    for (PartitionRuns runs : partitions) {
      for (OpenRun run : runs.toDelete(nanoTime.getAsLong())) {
        delete(runs, run);
      }
    }
    lastPushes.keySet().retainAll(partitions);
  }

  private void delete(PartitionRuns runs, OpenRun run) {
    try {
      if (pushgateway.delete(run.id())) {
        runs.deleted(run);
      }
    } catch (IOException e) {
      log.debug("the group of run {} is not deleted yet", run.id(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void check() throws IOException, InterruptedException {
    pushgateway.check();
  }

  @Override
  public void close() {
    deleter.shutdownNow();
  }
}
