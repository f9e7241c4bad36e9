package io.tailrace.sink.cloudwatch;

import io.tailrace.sink.core.MetricNames;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/**
 * What of a window a metric shows.
 *
 * @param name as {@link MetricNames} has it, or response_time and service_time for distributions
 */
record Source(String name) {
  static final Source REQUESTS = new Source("requests");

  private static final String RESPONSE_TIME = "response_time";
  private static final String SERVICE_TIME = "service_time";
  private static final Map<String, String> UNITS =
      Map.of(
          "requests", "Count",
          "errors", "Count",
          "error_rate", "Percent",
          "throughput", "Count/Second",
          "bytes_sent", "Bytes",
          "bytes_received", "Bytes",
          "active_users", "Count",
          "cpu_percent", "Percent",
          "memory_mb", "Megabytes");
  private static final Set<String> TIMES = times();

  /** How many of a unit of time are a millisecond; a time without a unit is in milliseconds. */
  private static final Map<String, Double> PER_MILLI =
      Map.of("Microseconds", 1_000.0, "Milliseconds", 1.0, "Seconds", 0.001, "None", 1.0);

  /** Written as a user may name a metric: ResponseTime, response-time, response_time. */
  static Source named(String written) {
    String name =
        written
            .strip()
            .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
            .replaceAll("[ .-]+", "_")
            .toLowerCase(Locale.ROOT);
    if (!UNITS.containsKey(name) && !TIMES.contains(name)) {
      Set<String> known = new TreeSet<>(UNITS.keySet());
      known.addAll(TIMES);
      throw new IllegalArgumentException(
          "\"" + written + "\" is no metric; expected a source among " + String.join(", ", known));
    }
    return new Source(name);
  }

  boolean isDistribution() {
    return name.equals(RESPONSE_TIME) || name.equals(SERVICE_TIME);
  }

  boolean isServiceTime() {
    return name.equals(SERVICE_TIME);
  }

  private boolean isTime() {
    return TIMES.contains(name);
  }

  String usualUnit() {
    return UNITS.getOrDefault(name, "Milliseconds");
  }

  /** What is wrong with a unit, if anything is. */
  Optional<String> objection(String unit) {
    if (isTime() && !PER_MILLI.containsKey(unit)) {
      return Optional.of(
          "\""
              + unit
              + "\" is no unit of "
              + name
              + "; expected Milliseconds, Seconds, Microseconds or None");
    }
    if (StandardUnit.fromValue(unit) == StandardUnit.UNKNOWN_TO_SDK_VERSION) {
      return Optional.of(
          "\""
              + unit
              + "\" is no unit of CloudWatch; expected one of "
              + StandardUnit.knownValues().stream()
                  .map(StandardUnit::toString)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    return Optional.empty();
  }

  /** What values in milliseconds, or of no time at all, are multiplied by. */
  double factor(String unit) {
    return isTime() ? PER_MILLI.getOrDefault(unit, 1.0) : 1.0;
  }

  private static Set<String> times() {
    List<String> statistics =
        List.of("avg", "min", "max", "stdev", "p50", "p75", "p90", "p95", "p99", "p999");
    return Stream.concat(
            Stream.of(RESPONSE_TIME, SERVICE_TIME)
                .flatMap(
                    time ->
                        Stream.concat(
                            Stream.of(time), statistics.stream().map(each -> time + "_" + each))),
            Stream.of("lateness_avg", "lateness_max", "first_byte_avg", "connect_avg"))
        .collect(Collectors.toUnmodifiableSet());
  }
}
