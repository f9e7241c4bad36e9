package io.tailrace.sink.prometheus;

import io.tailrace.sink.prometheus.Contents.Share;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What can be shown, by the names that every sink uses. */
final class Measures {
  private static final double SECONDS_PER_MILLI = 1e-3;

  private static final Map<String, Measure> COUNTERS =
      Map.of(
          "requests", new Measure.Count(Share::requests),
          "errors", new Measure.Count(Share::errors),
          "bytes_sent", new Measure.Bytes(Contents::sent),
          "bytes_received", new Measure.Bytes(Contents::received));

  private static final Map<String, Measure> HISTOGRAMS =
      Map.of(
          "response_time", new Measure.Times(Share::response, false),
          "service_time", new Measure.Times(Share::service, true));

  private static final Map<String, String> GAUGES = gauges();

  private Measures() {}

  private static Map<String, String> gauges() {
    Map<String, String> gauges = new TreeMap<>();
    Stream.of("requests", "errors", "error_rate", "throughput", "active_users", "cpu_percent")
        .forEach(name -> gauges.put(name, name));
    Stream.of("memory_mb", "bytes_sent", "bytes_received", "lateness_avg", "lateness_max")
        .forEach(name -> gauges.put(name, name));
    Stream.of("first_byte_avg", "connect_avg").forEach(name -> gauges.put(name, name));
    for (String times : new String[] {"response_time", "service_time"}) {
      gauges.put(times, times + "_avg");
      Stream.of("avg", "min", "max", "stdev", "p50", "p75", "p90", "p95", "p99", "p999")
          .forEach(part -> gauges.put(times + "_" + part, times + "_" + part));
    }
    gauges.put("virtual_users", "active_users");
    return gauges;
  }

  /** What a metric of a type can show. */
  static Set<String> names(MetricType type) {
    return switch (type) {
      case COUNTER -> new TreeSet<>(COUNTERS.keySet());
      case HISTOGRAM -> new TreeSet<>(HISTOGRAMS.keySet());
      case GAUGE -> new TreeSet<>(GAUGES.keySet());
    };
  }

  static Optional<Measure> of(MetricType type, String name, double timesFactor) {
    return switch (type) {
      case COUNTER -> Optional.ofNullable(COUNTERS.get(name));
      case HISTOGRAM -> Optional.ofNullable(HISTOGRAMS.get(name));
      case GAUGE ->
          Optional.ofNullable(GAUGES.get(name))
              .map(metric -> new Measure.Latest(metric, isTime(metric) ? timesFactor : 1));
    };
  }

  private static boolean isTime(String metric) {
    return Stream.of("response_time", "service_time", "lateness", "first_byte", "connect")
        .anyMatch(metric::startsWith);
  }

  /** Milliseconds where the metric's name says so, otherwise seconds. */
  static double timesFactor(String metric) {
    return isInMillis(metric) ? 1 : SECONDS_PER_MILLI;
  }

  static boolean isInMillis(String metric) {
    return metric.endsWith("_ms") || metric.endsWith("_milliseconds");
  }

  /** What a metric shows by its own name: what its words end in, units aside. */
  static Optional<String> meantBy(MetricType type, String metric) {
    String plain =
        metric.replaceFirst("_(seconds|ms|milliseconds|total|rps|percent|ratio|bytes)$", "");
    return names(type).stream()
        .filter(name -> endsIn(metric, name) || endsIn(plain, name))
        .max((one, other) -> Integer.compare(one.length(), other.length()));
  }

  private static boolean endsIn(String metric, String name) {
    return metric.equals(name) || metric.endsWith("_" + name);
  }
}
