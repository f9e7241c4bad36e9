package io.tailrace.benchmarks.sinks;

import java.util.ArrayList;
import java.util.List;

/** What a worker said of itself: when, how much was acknowledged, and its heap. */
final class Progress {
  private static final double WARM_UP = 0.25;
  private static final long MIB = 1 << 20;

  private record Moment(long nanos, long delivered, long heap) {}

  private final List<Moment> moments = new ArrayList<>();

  /** Other lines are of Java itself, such as of a recording that begins. */
  void add(String line) {
    if (!line.matches("\\d+ \\d+ \\d+")) {
      return;
    }
    String[] parts = line.split(" ", 3);
    moments.add(
        new Moment(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])));
  }

  boolean isEmpty() {
    return moments.isEmpty();
  }

  /** Aggregates a second, after the first quarter of them: compilers warm up in it. */
  double rate() {
    Moment last = moments.get(moments.size() - 1);
    Moment first =
        moments.stream()
            .filter(each -> each.delivered() >= last.delivered() * WARM_UP)
            .findFirst()
            .orElse(last);
    return (last.delivered() - first.delivered()) * 1e9 / (last.nanos() - first.nanos());
  }

  long mostHeapMib() {
    return moments.stream().mapToLong(Moment::heap).max().orElse(0) / MIB;
  }
}
