package io.tailrace.generator;

import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.plan.Step;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.avro.generic.GenericRecord;
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

  /** What the batches hold, as the ledger itself would have kept it. */
  static Ledger of(List<GenericRecord> batches) {
    Ledger ledger = new Ledger();
    batches.forEach(ledger::add);
    return ledger;
  }

  /** When each node's first request was due. */
  static Map<String, Long> firstDueMicros(List<GenericRecord> batches) {
    Map<String, Long> first = new TreeMap<>();
    for (GenericRecord batch : batches) {
      long end = (long) batch.get("baseMicros");
      for (int i = 0; i < ((List<?>) batch.get("outcome")).size(); i++) {
        end += column(batch, "endMicros", i);
        long due = end - column(batch, "latencyMicros", i) - column(batch, "delayMicros", i);
        first.merge(batch.get("node").toString(), due, Math::min);
      }
    }
    return first;
  }

  /** When the last request of all was sent. */
  static long lastSentMicros(List<GenericRecord> batches) {
    long last = Long.MIN_VALUE;
    for (GenericRecord batch : batches) {
      long end = (long) batch.get("baseMicros");
      for (int i = 0; i < ((List<?>) batch.get("outcome")).size(); i++) {
        end += column(batch, "endMicros", i);
        last = Math.max(last, end - column(batch, "latencyMicros", i));
      }
    }
    return last;
  }

  private void add(GenericRecord batch) {
    List<?> series = (List<?>) batch.get("series");
    List<?> outcomes = (List<?>) batch.get("outcomes");
    List<?> indexes = (List<?>) batch.get("outcome");
    long end = (long) batch.get("baseMicros");
    for (int i = 0; i < indexes.size(); i++) {
      GenericRecord outcome = (GenericRecord) outcomes.get((int) indexes.get(i));
      GenericRecord of = (GenericRecord) series.get((int) outcome.get("series"));
      Object error = outcome.get("error");
      end += column(batch, "endMicros", i);
      add(
          of.get("group").toString(),
          of.get("name").toString(),
          (int) outcome.get("status"),
          error == null ? null : error.toString(),
          end,
          column(batch, "latencyMicros", i),
          column(batch, "delayMicros", i),
          column(batch, "bytesReceived", i) + (long) outcome.get("bytesReceived"));
    }
  }

  private static long column(GenericRecord batch, String name, int i) {
    List<?> values = (List<?>) batch.get(name);
    return values.isEmpty() ? 0 : (long) values.get(i);
  }
}
