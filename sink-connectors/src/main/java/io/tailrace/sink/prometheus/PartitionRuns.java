package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.core.Item;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runs of one partition, told from its records in order, each record once. Safe for many
 * threads.
 */
final class PartitionRuns {
  // A run says something every second; one that is silent for so long, while others are not, has
  // lost its end.
  private static final Duration LOST_AFTER = Duration.ofHours(1);

  private final RunShape shape;
  private final Duration keepAfter;
  private final Map<String, OpenRun> runs = new LinkedHashMap<>();
  private final UnwrittenPoints unwritten = new UnwrittenPoints();
  private long toldUpTo = -1;
  private long lastNanos;
  private Corrections closed = new Corrections();

  PartitionRuns(RunShape shape, Duration keepAfter) {
    this.shape = shape;
    this.keepAfter = keepAfter;
  }

  /** The points of a batch, the same ones however often it is asked for; good until the next. */
  synchronized List<Point> tell(List<Item> batch, long nanos) {
    for (Item item : batch) {
      long offset = item.origin().offset();
      if (offset > toldUpTo) {
        tell(item, nanos, unwritten.next());
        unwritten.told(offset);
        toldUpTo = offset;
      }
    }
    return unwritten.between(
        batch.get(0).origin().offset(), batch.get(batch.size() - 1).origin().offset());
  }

  private void tell(Item item, long nanos, List<Point> into) {
    Aggregate aggregate = item.as(Aggregate.class);
    long offset = item.origin().offset();
    OpenRun run = runs.get(aggregate.getRun());
    if (run == null) {
      if (aggregate.getTotal()) {
        // A correction of a run that is not shown any more.
        closed.unknown++;
        return;
      }
      run = new OpenRun(aggregate.getRun(), new RunMetrics(aggregate, shape), offset);
      runs.put(aggregate.getRun(), run);
    }
    run.metrics().take(aggregate, into);
    run.took(offset, nanos);
    lastNanos = nanos;
  }

  /** All before this offset is written. */
  synchronized void written(long nextOffset) {
    unwritten.written(nextOffset);
  }

  /** Runs that have changed since they were pushed. */
  synchronized List<OpenRun> changed() {
    return runs.values().stream().filter(OpenRun::isChanged).toList();
  }

  synchronized boolean hasUnpushedEnd() {
    return runs.values().stream().anyMatch(run -> run.isChanged() && run.metrics().isEnded());
  }

  /** The text of one run; what comes after this call will be a change. */
  synchronized String textToPush(OpenRun run) {
    run.pushed();
    Map<MetricSpec, List<Sample>> samples = Exposition.empty(shape.metrics());
    run.metrics().expose(samples);
    return Exposition.text(samples);
  }

  /** A push came to nothing. */
  synchronized void notPushed(OpenRun run) {
    run.took(run.lastOffset(), run.lastNanos());
  }

  /** Runs that are over, and nothing of whose shall be in the Pushgateway any longer. */
  synchronized List<OpenRun> toDelete(long nanos) {
    return runs.values().stream()
        .filter(run -> run.isInPushgateway() && isOver(run, nanos))
        .toList();
  }

  synchronized void deleted(OpenRun run) {
    run.deletedFromPushgateway();
  }

  /** What an earlier life told may be in the Pushgateway. */
  synchronized void recalled() {
    runs.values().forEach(OpenRun::maybeInPushgateway);
  }

  private boolean isOver(OpenRun run, long nanos) {
    return run.metrics().isEnded()
        ? nanos - run.lastNanos() >= keepAfter.toNanos()
        : lastNanos - run.lastNanos() >= LOST_AFTER.toNanos();
  }

  /** Forgets the runs that are over and settled; the first offset that the others need. */
  synchronized long neededFrom(long acknowledged, long nanos) {
    runs.values()
        .removeIf(
            run -> {
              boolean gone =
                  isOver(run, nanos) && !run.isInPushgateway() && run.lastOffset() < acknowledged;
              if (gone) {
                closed = closed.plus(run.metrics().corrections());
              }
              return gone;
            });
    return runs.values().stream().mapToLong(OpenRun::firstOffset).min().orElse(Long.MAX_VALUE);
  }

  synchronized void expose(Map<MetricSpec, List<Sample>> into) {
    runs.values().forEach(run -> run.metrics().expose(into));
  }

  synchronized Corrections corrections() {
    Corrections all = closed;
    for (OpenRun run : runs.values()) {
      all = all.plus(run.metrics().corrections());
    }
    return all;
  }
}
