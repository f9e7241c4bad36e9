package io.tailrace.sink.core.provider;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.DoubleSupplier;

/** Counters and gauges, one family for all sinks that name it, told apart by the label sink. */
public final class SinkMetrics {
  private static final String LABEL = "sink";

  private final String sink;
  private final CollectorRegistry registry;
  private final ConcurrentMap<String, Collector> families;

  private SinkMetrics(
      String sink, CollectorRegistry registry, ConcurrentMap<String, Collector> families) {
    this.sink = sink;
    this.registry = registry;
    this.families = families;
  }

  public static SinkMetrics of(String sink, CollectorRegistry registry) {
    return new SinkMetrics(sink, registry, new ConcurrentHashMap<>());
  }

  /** The same families under another sink's name. */
  public SinkMetrics forSink(String other) {
    return new SinkMetrics(other, registry, families);
  }

  /** A counter, such as {@code tailrace_sink_corrections_total}. */
  public Counter.Child counter(String name, String help) {
    Collector family =
        families.computeIfAbsent(
            name, unused -> Counter.build(name, help).labelNames(LABEL).register(registry));
    return ((Counter) family).labels(sink);
  }

  public Gauge.Child gauge(String name, String help) {
    Collector family =
        families.computeIfAbsent(
            name, unused -> Gauge.build(name, help).labelNames(LABEL).register(registry));
    return ((Gauge) family).labels(sink);
  }

  /** A gauge that is asked for its value when somebody reads it. */
  public void gauge(String name, String help, DoubleSupplier value) {
    Collector family =
        families.computeIfAbsent(
            name, unused -> Gauge.build(name, help).labelNames(LABEL).register(registry));
    ((Gauge) family)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return value.getAsDouble();
              }
            },
            sink);
  }

  /** Families by name, for tests. */
  Map<String, Collector> families() {
    return families;
  }
}
