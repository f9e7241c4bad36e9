package io.tailrace.sink.prometheus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One metric: its name, and what of a run it shows.
 *
 * @param ofSeries one time series for each series of the run; otherwise one for the whole run
 * @param statusLabel the label that tells apart by status; null when nothing does
 * @param errorLabel the label that tells apart by kind of error; null when nothing does
 */
record MetricSpec(
    String name,
    MetricType type,
    String help,
    boolean ofSeries,
    @Nullable String statusLabel,
    @Nullable String errorLabel,
    Measure measure) {

  /** The metrics every run has, under the names that dashboards and alerts know. */
  static final List<MetricSpec> STANDARD =
      List.of(
          new MetricSpec(
              "load_test_requests_total",
              MetricType.COUNTER,
              "Requests that ended.",
              true,
              "status",
              null,
              new Measure.Count(Contents.Share::requests)),
          new MetricSpec(
              "load_test_response_time_seconds",
              MetricType.HISTOGRAM,
              "Time from the moment a request was due to its end.",
              true,
              null,
              null,
              new Measure.Times(Contents.Share::response, false)),
          new MetricSpec(
              "load_test_errors_total",
              MetricType.COUNTER,
              "Requests that failed.",
              false,
              null,
              "error_type",
              new Measure.ErrorKinds()),
          gauge("load_test_active_users", "Active users of all nodes.", "active_users"),
          gauge("load_test_throughput_rps", "Requests a second.", "throughput"),
          gauge("load_test_system_cpu_percent", "CPU of the busiest load node.", "cpu_percent"),
          gauge("load_test_system_memory_mb", "Memory of the largest load node.", "memory_mb"));

  private static MetricSpec gauge(String name, String help, String metric) {
    Measure latest = new Measure.Latest(metric, 1);
    return new MetricSpec(name, MetricType.GAUGE, help, false, null, null, latest);
  }

  /** The label that tells the parts of this metric apart; null when there is one part. */
  @Nullable String splitLabel() {
    return statusLabel == null ? errorLabel : statusLabel;
  }
}
