package io.tailrace.benchmarks.aggregate;

/** How fast a count grew in its second half: in the first, classes are loaded and compiled. */
final class Progress {
  private final long expected;
  private long startedNanos;
  private long startedAt = -1;
  private long lastNanos;
  private long last;

  Progress(long expected) {
    this.expected = expected;
  }

  void reached(long count) {
    long now = System.nanoTime();
    if (startedAt < 0 && count >= expected / 2) {
      startedAt = count;
      startedNanos = now;
    }
    if (count > last) {
      last = count;
      lastNanos = now;
    }
  }

  double samplesPerSecond() {
    return (last - startedAt) / ((lastNanos - startedNanos) / 1e9);
  }
}
