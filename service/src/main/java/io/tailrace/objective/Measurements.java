package io.tailrace.objective;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunSummary;

/** What one series measured in one span of time: what conditions are judged on. */
public interface Measurements {
  long requests();

  long errors();

  /** Requests a second over the covered part; NaN when nothing is covered. */
  double throughput();

  /** What {@link #requestsWithStatus} gives when the split by status is not known. */
  long UNKNOWN = -1;

  /** Requests whose status is between {@code from} and {@code to}, both included. */
  long requestsWithStatus(int from, int to);

  /** From the moment a request was due to its end. Not asked without requests. */
  Times responseTime();

  /** From the moment a request was sent to its end. Not asked without requests. */
  Times serviceTime();

  /** NaN when not known, as the following. */
  double latenessMeanMicros();

  double latenessMaxMicros();

  double firstByteMeanMicros();

  double connectMeanMicros();

  double activeUsers();

  double cpuPercent();

  double memoryMb();

  /** Durations of requests, in microseconds; NaN where one is not known. */
  interface Times {
    double minMicros();

    double meanMicros();

    double maxMicros();

    /** The nearest rank of {@code percent}, above 0 and up to 100. */
    double percentileMicros(double percent);
  }

  static Measurements of(Aggregate aggregate) {
    return new AggregateMeasurements(aggregate);
  }

  static Measurements of(RunSummary summary) {
    return new SummaryMeasurements(summary);
  }
}
