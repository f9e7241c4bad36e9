package io.tailrace.sink.core.service;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.tailrace.sink.core.runner.SinkRunner;
import io.tailrace.sink.core.runner.SinkStatus;
import java.util.List;

/** What runners have done, as metrics. */
final class SinkCollector extends Collector {
  private static final List<String> LABELS = List.of("sink");

  private final List<SinkRunner> runners;

  SinkCollector(List<SinkRunner> runners) {
    this.runners = List.copyOf(runners);
  }

  @Override
  public List<MetricFamilySamples> collect() {
    CounterMetricFamily delivered = counter("delivered", "Records stored in the target.");
    CounterMetricFamily rejected = counter("rejected", "Records given up on: dead letters.");
    CounterMetricFamily retried = counter("retried", "Attempts that have to be made again.");
    CounterMetricFamily leftOut =
        counter("left_out", "Records of series beyond the sink's max_series: not sent.");
    GaugeMetricFamily lag = gauge("lag_records", "Records of its topics not settled yet.");
    GaugeMetricFamily running =
        gauge("running", "1 while nothing is in the way; 0 otherwise, see /health/ready.");
    GaugeMetricFamily breaker =
        gauge("breaker_open", "1 while the target is left alone after too many failures.");
    for (SinkRunner runner : runners) {
      List<String> name = List.of(runner.name());
      SinkStatus status = runner.status();
      delivered.addMetric(name, (double) status.delivered());
      rejected.addMetric(name, (double) status.deadLettered());
      leftOut.addMetric(name, (double) status.leftOut());
      retried.addMetric(name, (double) status.retried());
      lag.addMetric(name, (double) status.lag());
      running.addMetric(name, status.state() == SinkStatus.State.RUNNING ? 1 : 0);
      breaker.addMetric(name, status.breakerOpen() ? 1 : 0);
    }
    return List.of(delivered, rejected, leftOut, retried, lag, running, breaker);
  }

  private static CounterMetricFamily counter(String what, String help) {
    return new CounterMetricFamily("tailrace_sink_" + what + "_total", help, LABELS);
  }

  private static GaugeMetricFamily gauge(String what, String help) {
    return new GaugeMetricFamily("tailrace_sink_" + what, help, LABELS);
  }
}
