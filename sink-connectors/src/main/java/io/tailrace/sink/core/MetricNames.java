package io.tailrace.sink.core;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.RunSummary;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names under which every sink, template and condition knows a metric; times are in ms. */
public final class MetricNames {
  private static final double MICROS_PER_MILLI = 1_000.0;

  /** Made once, and not for each of thousands of windows a second. */
  private record TimeNames(
      String avg,
      String min,
      String max,
      String stdev,
      String p50,
      String p75,
      String p90,
      String p95,
      String p99,
      String p999) {
    static TimeNames of(String what) {
      return new TimeNames(
          what + "_avg",
          what + "_min",
          what + "_max",
          what + "_stdev",
          what + "_p50",
          what + "_p75",
          what + "_p90",
          what + "_p95",
          what + "_p99",
          what + "_p999");
    }
  }

  private static final TimeNames RESPONSE_TIME = TimeNames.of("response_time");
  private static final TimeNames SERVICE_TIME = TimeNames.of("service_time");

  private MetricNames() {}

  /** The metrics of one aggregate, in the order people read them; what is not known is absent. */
  public static Map<String, Number> of(Aggregate aggregate) {
    Map<String, Number> metrics = new LinkedHashMap<>();
    metrics.put("requests", aggregate.getRequests());
    metrics.put("errors", aggregate.getErrors());
    metrics.put("error_rate", aggregate.getErrorRatePercent());
    metrics.put("throughput", aggregate.getThroughput());
    distribution(metrics, RESPONSE_TIME, aggregate.getResponseTime());
    distribution(metrics, SERVICE_TIME, aggregate.getServiceTime());
    millis(metrics, "lateness_avg", aggregate.getLatenessMeanMicros());
    millis(metrics, "lateness_max", aggregate.getLatenessMaxMicros());
    millis(metrics, "first_byte_avg", aggregate.getFirstByteMeanMicros());
    millis(metrics, "connect_avg", aggregate.getConnectMeanMicros());
    known(metrics, "bytes_sent", aggregate.getBytesSent());
    known(metrics, "bytes_received", aggregate.getBytesReceived());
    known(metrics, "active_users", aggregate.getActiveUsers());
    known(metrics, "cpu_percent", aggregate.getCpuPercent());
    known(metrics, "memory_mb", aggregate.getMemoryMb());
    return metrics;
  }

  /** The metrics of a whole run that its summary carries. */
  public static Map<String, Number> of(RunSummary summary) {
    Map<String, Number> metrics = new LinkedHashMap<>();
    metrics.put("requests", summary.getRequests());
    metrics.put("errors", summary.getErrors());
    metrics.put("error_rate", summary.getErrorRatePercent());
    metrics.put("throughput", summary.getThroughput());
    distribution(metrics, RESPONSE_TIME, summary.getResponseTime());
    distribution(metrics, SERVICE_TIME, summary.getServiceTime());
    return metrics;
  }

  private static void distribution(
      Map<String, Number> metrics, TimeNames names, @Nullable Distribution times) {
    if (times == null) {
      return;
    }
    millis(metrics, names.avg(), times.getMeanMicros());
    millis(metrics, names.min(), times.getMinMicros());
    millis(metrics, names.max(), times.getMaxMicros());
    millis(metrics, names.stdev(), times.getStdevMicros());
    millis(metrics, names.p50(), times.getP50Micros());
    millis(metrics, names.p75(), times.getP75Micros());
    millis(metrics, names.p90(), times.getP90Micros());
    millis(metrics, names.p95(), times.getP95Micros());
    millis(metrics, names.p99(), times.getP99Micros());
    millis(metrics, names.p999(), times.getP999Micros());
  }

  private static void millis(Map<String, Number> metrics, String name, @Nullable Number micros) {
    if (micros != null) {
      metrics.put(name, micros.doubleValue() / MICROS_PER_MILLI);
    }
  }

  private static void known(Map<String, Number> metrics, String name, @Nullable Number value) {
    if (value != null) {
      metrics.put(name, value);
    }
  }
}
