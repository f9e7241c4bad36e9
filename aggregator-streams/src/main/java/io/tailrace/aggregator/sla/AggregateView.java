package io.tailrace.aggregator.sla;

import io.tailrace.objective.Measurements;
import io.tailrace.record.Aggregate;

/** A published aggregate, looked at as if its window had just closed. */
record AggregateView(Aggregate aggregate, Measurements measured) implements WindowView {
  static AggregateView of(Aggregate aggregate) {
    return new AggregateView(aggregate, Measurements.of(aggregate));
  }

  @Override
  public long windowStartMicros() {
    return aggregate.getWindowStartMicros();
  }

  @Override
  public long windowMicros() {
    return aggregate.getWindowMicros();
  }

  @Override
  public long coveredMicros() {
    return aggregate.getCoveredMicros();
  }

  @Override
  public int revision() {
    return aggregate.getRevision();
  }

  @Override
  public boolean complete() {
    return aggregate.getComplete();
  }

  @Override
  public long requests() {
    return measured.requests();
  }

  @Override
  public long errors() {
    return measured.errors();
  }

  @Override
  public double throughput() {
    return measured.throughput();
  }

  @Override
  public long requestsWithStatus(int from, int to) {
    return measured.requestsWithStatus(from, to);
  }

  @Override
  public Times responseTime() {
    return measured.responseTime();
  }

  @Override
  public Times serviceTime() {
    return measured.serviceTime();
  }

  @Override
  public double latenessMeanMicros() {
    return measured.latenessMeanMicros();
  }

  @Override
  public double latenessMaxMicros() {
    return measured.latenessMaxMicros();
  }

  @Override
  public double firstByteMeanMicros() {
    return measured.firstByteMeanMicros();
  }

  @Override
  public double connectMeanMicros() {
    return measured.connectMeanMicros();
  }

  @Override
  public double activeUsers() {
    return measured.activeUsers();
  }

  @Override
  public double cpuPercent() {
    return measured.cpuPercent();
  }

  @Override
  public double memoryMb() {
    return measured.memoryMb();
  }
}
