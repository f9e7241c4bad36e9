package io.tailrace.benchmarks.sinks;

import java.util.ArrayList;
import java.util.List;

/** What a worker said of itself: when, how much was acknowledged, its heap and its CPU time. */
final class Progress {
  private static final double WARM_UP = 0.5;
  private static final long MIB = 1 << 20;

  private record Moment(long nanos, long delivered, long heap, long cpuNanos) {}

  private final List<Moment> moments = new ArrayList<>();

  /** Other lines are of Java itself, such as of a recording that begins. */
  void add(String line) {
    if (!line.matches("\\d+ \\d+ \\d+ \\d+")) {
      return;
    }
    String[] parts = line.split(" ", 4);
    moments.add(
        new Moment(
            Long.parseLong(parts[0]),
            Long.parseLong(parts[1]),
            Long.parseLong(parts[2]),
            Long.parseLong(parts[3])));
  }

  boolean isEmpty() {
    return moments.isEmpty();
  }

  /** Aggregates a second, after the first half of them: compilers warm up in it. */
  double rate() {
    Moment first = warm();
    Moment last = last();
    return (last.delivered() - first.delivered()) * 1e9 / (last.nanos() - first.nanos());
  }

  /** What one aggregate takes of a core in the worker's Java, likewise. */
  double cpuMicros() {
    Moment first = warm();
    Moment last = last();
    return (last.cpuNanos() - first.cpuNanos()) / 1e3 / (last.delivered() - first.delivered());
  }

  private Moment warm() {
    Moment last = last();
    return moments.stream()
        .filter(each -> each.delivered() >= last.delivered() * WARM_UP)
        .findFirst()
        .orElse(last);
  }

  private Moment last() {
    return moments.get(moments.size() - 1);
  }

  long mostHeapMib() {
    return moments.stream().mapToLong(Moment::heap).max().orElse(0) / MIB;
  }
}
