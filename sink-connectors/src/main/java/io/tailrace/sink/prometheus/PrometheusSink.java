package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.tailrace.service.Page;
import io.tailrace.service.Pages;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Origin;
import io.tailrace.sink.core.Recalling;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Shows runs to Prometheus in up to three ways. What it shows are sums over a run's records; they
 * are in memory only, and are told again from the log after a restart.
 */
final class PrometheusSink implements Recalling {
  private record Place(String topic, int partition) {}

  private final PrometheusConfig config;
  private final Pages pages;
  private final LongSupplier nanoTime;
  private final Optional<RemoteWrite> remoteWrite;
  private final Optional<Pushing> pushing;
  private final Map<Place, PartitionRuns> partitions = new ConcurrentHashMap<>();

  /**
   * @param nanoTime a monotonic clock
   */
  PrometheusSink(PrometheusConfig config, SinkContext context, LongSupplier nanoTime) {
    this.config = config;
    this.pages = context.pages();
    this.nanoTime = nanoTime;
    remoteWrite = config.remoteWrite().map(remote -> new RemoteWrite(remote, context));
    pushing =
        config
            .pushgateway()
            .map(
                gateway ->
                    new Pushing(
                        new Pushgateway(gateway, context),
                        gateway.interval(),
                        nanoTime,
                        partitions.values()));
    config.scrapePath().ifPresent(path -> pages.serve(path, accepted -> page()));
    countCorrections(context.metrics());
  }

  private void countCorrections(SinkMetrics metrics) {
    metrics.gauge(
        "tailrace_sink_prometheus_corrections_not_shown",
        "Corrected windows whose gauges stay as they were written.",
        () -> corrections(each -> each.notShown));
    metrics.gauge(
        "tailrace_sink_prometheus_corrections_unknown",
        "Corrections of windows or runs that are forgotten; counted when a run ends, if it has not.",
        () -> corrections(each -> each.unknown));
    metrics.gauge(
        "tailrace_sink_prometheus_added_at_the_end",
        "Requests that were counted only when their run's totals came.",
        () -> corrections(each -> each.addedAtTheEnd));
  }

  private double corrections(ToLongFunction<Corrections> kind) {
    return partitions.values().stream()
        .map(PartitionRuns::corrections)
        .mapToLong(kind)
        .asDoubleStream()
        .sum();
  }

  @Override
  public Delivery deliver(List<Item> batch) throws IOException, InterruptedException {
    PartitionRuns runs = runs(batch);
    List<Point> points = runs.tell(batch, nanoTime.getAsLong());
    if (remoteWrite.isPresent()) {
      Delivery written = remoteWrite.get().write(points, batch.size() == 1);
      if (!(written instanceof Delivery.Accepted)) {
        return written;
      }
    }
    // What is written stays written, also when the push below has to be tried again.
    runs.written(batch.get(batch.size() - 1).origin().offset() + 1);
    return pushing.isPresent() ? pushing.get().pushIfDue(runs) : Delivery.accepted();
  }

  @Override
  public void recall(List<Item> batch) {
    PartitionRuns runs = runs(batch);
    for (Item item : batch) {
      try {
        List<Point> unused = runs.tell(List.of(item), nanoTime.getAsLong());
      } catch (RuntimeException e) {
        // It was refused for this in the earlier life, and is among the dead letters.
        continue;
      }
      runs.written(item.origin().offset() + 1);
    }
    if (pushing.isPresent()) {
      runs.recalled();
    }
  }

  private PartitionRuns runs(List<Item> batch) {
    Origin origin = batch.get(0).origin();
    return partitions.computeIfAbsent(
        new Place(origin.topic(), origin.partition()),
        unused -> new PartitionRuns(config.shape(), config.keepAfter()));
  }

  @Override
  public long neededFrom(String topic, int partition, long acknowledged) {
    PartitionRuns runs = partitions.get(new Place(topic, partition));
    return runs == null ? Long.MAX_VALUE : runs.neededFrom(acknowledged, nanoTime.getAsLong());
  }

  @Override
  public void forget(String topic, int partition) {
    partitions.remove(new Place(topic, partition));
  }

  private Page page() {
    Map<MetricSpec, List<Sample>> samples = Exposition.empty(config.shape().metrics());
    partitions.values().forEach(runs -> runs.expose(samples));
    return new Page(
        Exposition.CONTENT_TYPE, Exposition.text(samples).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void check() throws IOException, InterruptedException {
    if (remoteWrite.isPresent()) {
      remoteWrite.get().check();
    }
    if (pushing.isPresent()) {
      pushing.get().check();
    }
  }

  @Override
  public void close() {
    config.scrapePath().ifPresent(pages::remove);
    pushing.ifPresent(Pushing::close);
  }
}
