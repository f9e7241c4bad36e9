package io.tailrace.sink.prometheus;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.List;

/** One time series of one run: what it stands at, and up to when that was written. */
abstract sealed class TimeSeries permits Counter, Gauge, Distribution {
  private static final long NEVER = Long.MIN_VALUE;

  private long lastMillis = NEVER;
  private boolean changed;
  private boolean stale;

  /** What is new has not been written. */
  boolean isChanged() {
    return changed;
  }

  void markChanged() {
    changed = true;
  }

  boolean wasWrittenBefore(long millis) {
    return lastMillis < millis;
  }

  /** Writes the value as of a moment, unless something as late was written before. */
  void write(long millis, List<Point> into) {
    if (lastMillis < millis) {
      put(millis, into);
    }
  }

  /** Writes what is not written, then says that nothing more comes. */
  void end(long millis, List<Point> into) {
    if (changed) {
      put(lastMillis < millis ? millis : lastMillis + 1, into);
    }
    // Not before the run's end: what did not change in its last seconds is still to be seen there.
    stale(Math.max(lastMillis, millis) + 1, into);
  }

  void stale(long millis, List<Point> into) {
    if (!stale && lastMillis != NEVER && lastMillis < millis) {
      putStale(millis, into);
      stale = true;
      lastMillis = millis;
    }
  }

  private void put(long millis, List<Point> into) {
    putValue(millis, into);
    lastMillis = millis;
    changed = false;
    stale = false;
  }

  /** Nothing was said for so long that readers would forget it. */
  void refresh(long millis, List<Point> into) {
    if (!stale) {
      put(millis, into);
    }
  }

  abstract void putValue(long millis, List<Point> into);

  abstract void putStale(long millis, List<Point> into);

  abstract void expose(List<Sample> into);
}
