package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.SingleWriterRecorder;

/** What one event loop measured; written by that loop, read by any thread. */
final class LoopStats {

  static final long MOST_MICROS = 3_600_000_000L;

  private final List<StepStats> steps;
  private final Map<Step, StepStats> byStep = new HashMap<>();
  private final SingleWriterRecorder service = new SingleWriterRecorder(1, MOST_MICROS, 3);
  private final SingleWriterRecorder lateness = new SingleWriterRecorder(1, MOST_MICROS, 3);
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final LongAdder due = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();
  private volatile int inFlight;
  private volatile int connections;
  private volatile long fullNanos;
  private volatile long threadId = -1;

  LoopStats(Plan plan) {
    steps = plan.steps().stream().map(StepStats::new).toList();
    steps.forEach(stats -> byStep.put(stats.step(), stats));
  }

  static long clamped(long micros) {
    return Math.min(MOST_MICROS, Math.max(1, micros));
  }

  StepStats step(Step step) {
    StepStats stats = byStep.get(step);
    if (stats == null) {
      throw new IllegalStateException(step + " is not part of the plan");
    }
    return stats;
  }

  List<StepStats> steps() {
    return steps;
  }

  /** Counts a request that was sent. */
  void sent(long delayMicros) {
    sent.increment();
    lateness.recordValue(clamped(delayMicros));
  }

  void due() {
    due.increment();
  }

  LongAdder errorCount(String error) {
    return errors.computeIfAbsent(error, kind -> new LongAdder());
  }

  void received(long serviceMicros, long bytes) {
    service.recordValue(clamped(serviceMicros));
    bytesReceived.add(bytes);
  }

  /** Only its loop writes these; the screen may see them a moment late. */
  void gauges(int requestsInFlight, int openConnections, long nanosWithoutFreeConnection) {
    inFlight = requestsInFlight;
    connections = openConnections;
    fullNanos = nanosWithoutFreeConnection;
  }

  void runsOn(long id) {
    threadId = id;
  }

  SingleWriterRecorder service() {
    return service;
  }

  SingleWriterRecorder lateness() {
    return lateness;
  }

  Map<String, LongAdder> errors() {
    return errors;
  }

  long dueRequests() {
    return due.sum();
  }

  long sentRequests() {
    return sent.sum();
  }

  long bytesReceived() {
    return bytesReceived.sum();
  }

  int inFlight() {
    return inFlight;
  }

  int connections() {
    return connections;
  }

  long fullNanos() {
    return fullNanos;
  }

  long threadId() {
    return threadId;
  }
}
