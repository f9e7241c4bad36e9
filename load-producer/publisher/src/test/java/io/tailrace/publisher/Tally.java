package io.tailrace.publisher;

import java.util.Map;
import java.util.TreeMap;

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
}
