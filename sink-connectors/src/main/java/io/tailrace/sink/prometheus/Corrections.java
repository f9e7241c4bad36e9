package io.tailrace.sink.prometheus;

/** What corrections of a run Prometheus was not told as they are; used under a lock. */
final class Corrections {
  /** Of windows so old that what they held before is forgotten: made up for at the run's end. */
  long unknown;

  /** Of values, such as a throughput, that were written before and stay as they are. */
  long notShown;

  /** Requests that were only added when the run's totals came. */
  long addedAtTheEnd;

  void atTheEnd(long missing) {
    addedAtTheEnd += Math.max(0, missing);
  }

  Corrections plus(Corrections other) {
    Corrections sum = new Corrections();
    sum.unknown = unknown + other.unknown;
    sum.notShown = notShown + other.notShown;
    sum.addedAtTheEnd = addedAtTheEnd + other.addedAtTheEnd;
    return sum;
  }
}
