package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector;

/** The types of Prometheus that a result can have. */
enum MetricType {
  COUNTER(Collector.Type.COUNTER),
  GAUGE(Collector.Type.GAUGE),
  HISTOGRAM(Collector.Type.HISTOGRAM);

  private final Collector.Type exposed;

  MetricType(Collector.Type exposed) {
    this.exposed = exposed;
  }

  Collector.Type exposed() {
    return exposed;
  }
}
