package io.tailrace.sink.prometheus;

/** A run that is shown, and what has become of it; used under its partition's lock. */
final class OpenRun {
  private final String id;
  private final RunMetrics metrics;
  private final long firstOffset;
  private long lastOffset;
  private long lastNanos;
  private boolean changed = true;
  private boolean inPushgateway;

  OpenRun(String id, RunMetrics metrics, long firstOffset) {
    this.id = id;
    this.metrics = metrics;
    this.firstOffset = firstOffset;
  }

  String id() {
    return id;
  }

  RunMetrics metrics() {
    return metrics;
  }

  /** Where it has to be read from to be told again. */
  long firstOffset() {
    return firstOffset;
  }

  long lastOffset() {
    return lastOffset;
  }

  /** When something of it came last. */
  long lastNanos() {
    return lastNanos;
  }

  void took(long offset, long nanos) {
    lastOffset = offset;
    lastNanos = nanos;
    changed = true;
  }

  /** Something of it has not been pushed. */
  boolean isChanged() {
    return changed;
  }

  void pushed() {
    changed = false;
    inPushgateway = true;
  }

  boolean isInPushgateway() {
    return inPushgateway;
  }

  void maybeInPushgateway() {
    inPushgateway = true;
  }

  void deletedFromPushgateway() {
    inPushgateway = false;
  }
}
