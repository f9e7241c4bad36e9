package io.tailrace.generator.engine;

import java.util.List;
import java.util.Map;

/**
 * What one node has measured, at a moment of its run. Times in microseconds unless said otherwise.
 *
 * @param elapsedNanos since the start; negative before it
 * @param durationNanos of the whole plan
 * @param rateAsked requests a second that this node is to send now; 0 for users
 * @param rateReached requests a second that it sent since the last look
 * @param due requests that were due so far
 * @param sent requests sent so far
 * @param finished requests recorded so far, errors included
 * @param errors requests among them that failed
 * @param inFlight requests under way
 * @param connections open connections
 * @param maxConnections how many it may open
 * @param interval response times since the last look
 * @param response response times of the whole run
 * @param service service times of the whole run
 * @param lateness how late requests were sent, over the whole run
 * @param recentLateness how late requests were sent since the last look
 * @param errorsByKind errors by kind
 * @param steps each step's requests, in the plan's order
 * @param bytesReceived bytes of all bodies
 * @param loopCpuPercent CPU of the busiest event loop, in percent of one core
 * @param fullPercent share of the time in which a request waited because no connection was free
 */
public record Progress(
    long elapsedNanos,
    long durationNanos,
    double rateAsked,
    double rateReached,
    long due,
    long sent,
    long finished,
    long errors,
    int inFlight,
    int connections,
    int maxConnections,
    Times interval,
    Times response,
    Times service,
    Times lateness,
    Times recentLateness,
    Map<String, Long> errorsByKind,
    List<StepProgress> steps,
    long bytesReceived,
    double loopCpuPercent,
    double fullPercent) {

  /** A distribution of times, in microseconds. */
  public record Times(
      long count,
      long min,
      double mean,
      long p50,
      long p75,
      long p90,
      long p95,
      long p99,
      long p999,
      long max) {}

  /** What came of one step. */
  public record StepProgress(
      String scenario, String name, long requests, long errors, Times response) {}

  /** How long it has been sending: less than the plan's duration when it was stopped. */
  public long sendingNanos() {
    return Math.max(0, Math.min(elapsedNanos, durationNanos));
  }

  /** Requests sent in a second of that time. */
  public double throughput() {
    return sent / Math.max(1e-9, sendingNanos() / 1e9);
  }

  public double errorPercent() {
    return finished == 0 ? 0 : 100.0 * errors / finished;
  }
}
