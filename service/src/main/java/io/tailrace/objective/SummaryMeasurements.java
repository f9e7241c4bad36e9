package io.tailrace.objective;

import io.tailrace.record.RunSummary;

/** What a run's summary says of the whole run; what only aggregates know is not known here. */
final class SummaryMeasurements implements Measurements {
  private final RunSummary summary;
  private final StoredTimes responseTime;
  private final StoredTimes serviceTime;

  SummaryMeasurements(RunSummary summary) {
    this.summary = summary;
    responseTime = new StoredTimes(summary.getResponseTime(), null);
    serviceTime = new StoredTimes(summary.getServiceTime(), null);
  }

  @Override
  public long requests() {
    return summary.getRequests();
  }

  @Override
  public long errors() {
    return summary.getErrors();
  }

  @Override
  public double throughput() {
    return summary.getThroughput();
  }

  /** A summary has no split by status. */
  @Override
  public long requestsWithStatus(int from, int to) {
    return UNKNOWN;
  }

  @Override
  public Times responseTime() {
    return responseTime;
  }

  @Override
  public Times serviceTime() {
    return serviceTime;
  }

  @Override
  public double latenessMeanMicros() {
    return Double.NaN;
  }

  @Override
  public double latenessMaxMicros() {
    return Double.NaN;
  }

  @Override
  public double firstByteMeanMicros() {
    return Double.NaN;
  }

  @Override
  public double connectMeanMicros() {
    return Double.NaN;
  }

  @Override
  public double activeUsers() {
    return Double.NaN;
  }

  @Override
  public double cpuPercent() {
    return Double.NaN;
  }

  @Override
  public double memoryMb() {
    return Double.NaN;
  }
}
