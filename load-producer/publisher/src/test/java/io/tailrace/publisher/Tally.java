package io.tailrace.publisher;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;

/** Sums of samples per series, outcome and second: what a test holds a topic against. */
final class Tally {

  private static final long SECOND = 1_000_000;

  /** Enough of a sample's values that no two mistakes cancel. */
  record Sums(
      long samples,
      long latency,
      long delay,
      long firstByte,
      long connect,
      long sent,
      long received,
      long ends) {
    Sums plus(Sums other) {
      return new Sums(
          samples + other.samples,
          latency + other.latency,
          delay + other.delay,
          firstByte + other.firstByte,
          connect + other.connect,
          sent + other.sent,
          received + other.received,
          ends + other.ends);
    }
  }

  private final Map<String, Sums> sums = new TreeMap<>();

  void add(
      String series,
      int status,
      Object error,
      long end,
      long latency,
      long delay,
      long firstByte,
      long connect,
      long sent,
      long received) {
    String key = series + " | " + status + " | " + error + " | " + Math.floorDiv(end, SECOND);
    Sums one = new Sums(1, latency, delay, firstByte, connect, sent, received, end);
    sums.merge(key, one, Sums::plus);
  }

  void add(Tally other) {
    other.sums.forEach((key, value) -> sums.merge(key, value, Sums::plus));
  }

  long samples() {
    return sums.values().stream().mapToLong(Sums::samples).sum();
  }

  Map<String, Sums> sums() {
    return sums;
  }

  /** What the batches hold. */
  static Tally of(List<GenericRecord> batches) {
    Tally tally = new Tally();
    batches.forEach(tally::add);
    return tally;
  }

  private void add(GenericRecord batch) {
    List<?> series = (List<?>) batch.get("series");
    List<?> outcomes = (List<?>) batch.get("outcomes");
    List<?> indexes = (List<?>) batch.get("outcome");
    long end = (long) batch.get("baseMicros");
    for (int i = 0; i < indexes.size(); i++) {
      GenericRecord outcome = (GenericRecord) outcomes.get((int) indexes.get(i));
      GenericRecord of = (GenericRecord) series.get((int) outcome.get("series"));
      end += column(batch, "endMicros", i, 0);
      long latency = column(batch, "latencyMicros", i, 0);
      long body = column(batch, "bodyMicros", i, -1);
      add(
          of.get("name") + " " + of.get("method") + " " + of.get("group") + " " + of.get("tags"),
          (int) outcome.get("status"),
          String.valueOf(outcome.get("error")),
          end,
          latency,
          column(batch, "delayMicros", i, 0),
          body < 0 ? -1 : latency - body,
          column(batch, "connectMicros", i, -1),
          bytes(batch, outcome, "bytesSent", i),
          bytes(batch, outcome, "bytesReceived", i));
    }
  }

  private static long bytes(GenericRecord batch, GenericRecord outcome, String name, int i) {
    return ((List<?>) batch.get(name)).isEmpty()
        ? -1
        : column(batch, name, i, 0) + (long) outcome.get(name);
  }

  private static long column(GenericRecord batch, String name, int i, long absent) {
    List<?> values = (List<?>) batch.get(name);
    return values.isEmpty() ? absent : (long) values.get(i);
  }
}
