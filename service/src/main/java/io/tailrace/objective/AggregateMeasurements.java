package io.tailrace.objective;

import io.tailrace.record.Aggregate;
import io.tailrace.record.StatusShare;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What one aggregate says. */
final class AggregateMeasurements implements Measurements {
  private final Aggregate aggregate;
  private final StoredTimes responseTime;
  private final StoredTimes serviceTime;

  AggregateMeasurements(Aggregate aggregate) {
    this.aggregate = aggregate;
    ByteBuffer response = aggregate.getResponseHistogram();
    ByteBuffer service = aggregate.getServiceHistogram();
    responseTime = new StoredTimes(aggregate.getResponseTime(), response);
    serviceTime = new StoredTimes(aggregate.getServiceTime(), service == null ? response : service);
  }

  @Override
  public long requests() {
    return aggregate.getRequests();
  }

  @Override
  public long errors() {
    return aggregate.getErrors();
  }

  @Override
  public double throughput() {
    return aggregate.getCoveredMicros() > 0 ? aggregate.getThroughput() : Double.NaN;
  }

  @Override
  public long requestsWithStatus(int from, int to) {
    long requests = 0;
    for (StatusShare share : aggregate.getByStatus()) {
      if (share.getStatus() >= from && share.getStatus() <= to) {
        requests += share.getRequests();
      }
    }
    return requests;
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
    return known(aggregate.getLatenessMeanMicros());
  }

  @Override
  public double latenessMaxMicros() {
    return known(aggregate.getLatenessMaxMicros());
  }

  @Override
  public double firstByteMeanMicros() {
    return known(aggregate.getFirstByteMeanMicros());
  }

  @Override
  public double connectMeanMicros() {
    return known(aggregate.getConnectMeanMicros());
  }

  @Override
  public double activeUsers() {
    return known(aggregate.getActiveUsers());
  }

  @Override
  public double cpuPercent() {
    return known(aggregate.getCpuPercent());
  }

  @Override
  public double memoryMb() {
    return known(aggregate.getMemoryMb());
  }

  private static double known(@Nullable Number value) {
    return value == null ? Double.NaN : value.doubleValue();
  }
}
