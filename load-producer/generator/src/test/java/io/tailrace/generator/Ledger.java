package io.tailrace.generator;

import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.plan.Step;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What a test itself keeps of every request: counts and sums by series, outcome and second. */
final class Ledger implements SampleSink {

  private static final int MICROS_PER_SECOND = 1_000_000;

  private final Map<String, Sums> sums = new ConcurrentSkipListMap<>();

  /** Comparable with equals. */
  record Sums(long requests, long latencyMicros, long delayMicros, long bytesReceived) {
    Sums plus(Sums other) {
      return new Sums(
          requests + other.requests,
          latencyMicros + other.latencyMicros,
          delayMicros + other.delayMicros,
          bytesReceived + other.bytesReceived);
    }
  }

  @Override
  public Outcome outcome(Step step, int status, @Nullable String error) {
    return (end, latency, delay, firstByte, connect, sent, received) ->
        add(step.scenario(), step.name(), status, error, end, latency, delay, received);
  }

  void add(
      String scenario,
      String name,
      int status,
      @Nullable String error,
      long endMicros,
      long latency,
      long delay,
      long received) {
    String key =
        scenario
            + " | "
            + name
            + " | "
            + status
            + " | "
            + error
            + " | "
            + endMicros / MICROS_PER_SECOND;
    sums.merge(key, new Sums(1, latency, delay, received), Sums::plus);
  }

  Map<String, Sums> sums() {
    return sums;
  }

  long requests() {
    return sums.values().stream().mapToLong(Sums::requests).sum();
  }

  /** Requests whose key contains a text, such as an error or a name. */
  long requests(String part) {
    return sums.entrySet().stream()
        .filter(entry -> entry.getKey().contains(part))
        .mapToLong(entry -> entry.getValue().requests())
        .sum();
  }

  @Override
  public String toString() {
    return sums.toString();
  }
}
