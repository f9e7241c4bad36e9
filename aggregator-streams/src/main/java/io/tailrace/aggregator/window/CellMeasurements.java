package io.tailrace.aggregator.window;

import io.tailrace.objective.Measurements;

/** What a cell of a window says to conditions, without an aggregate being made of it. */
public class CellMeasurements implements Measurements {
  private static final double MICROS_PER_SECOND = 1e6;

  private final LiveWindow window;
  private final SeriesCell cell;
  private final long coveredMicros;
  private final CellTimes times;

  /** What the cell says, as long as its times are not given back. */
  public CellMeasurements(LiveWindow window, SeriesCell cell, CellTimes times, long coveredMicros) {
    this.window = window;
    this.cell = cell;
    this.times = times;
    this.coveredMicros = coveredMicros;
  }

  /** The part of the window that the run covers. */
  public long coveredMicros() {
    return coveredMicros;
  }

  @Override
  public long requests() {
    return cell.requests();
  }

  @Override
  public long errors() {
    return cell.errors();
  }

  @Override
  public double throughput() {
    return coveredMicros > 0 ? cell.requests() * MICROS_PER_SECOND / coveredMicros : Double.NaN;
  }

  @Override
  public long requestsWithStatus(int from, int to) {
    long requests = 0;
    for (StatusCell one : cell.statuses()) {
      if (one.status >= from && one.status <= to) {
        requests += one.requests();
      }
    }
    return requests;
  }

  @Override
  public Times responseTime() {
    return new CountedTimes(times.responses());
  }

  @Override
  public Times serviceTime() {
    return new CountedTimes(times.services());
  }

  @Override
  public double latenessMeanMicros() {
    return (double) cell.latenessSumMicros() / cell.requests();
  }

  @Override
  public double latenessMaxMicros() {
    return cell.latenessMaxMicros();
  }

  @Override
  public double firstByteMeanMicros() {
    return cell.transfers().firstByteMeanMicros();
  }

  @Override
  public double connectMeanMicros() {
    return cell.transfers().connectMeanMicros();
  }

  @Override
  public double activeUsers() {
    return window.activeUsers() < 0 ? Double.NaN : window.activeUsers();
  }

  @Override
  public double cpuPercent() {
    return window.cpuPercent();
  }

  @Override
  public double memoryMb() {
    return window.memoryMb();
  }

  private record CountedTimes(OrderedCounts counts) implements Times {
    @Override
    public double minMicros() {
      return counts.minMicros();
    }

    @Override
    public double meanMicros() {
      return counts.meanMicros();
    }

    @Override
    public double maxMicros() {
      return counts.maxMicros();
    }

    @Override
    public double percentileMicros(double percent) {
      return counts.percentileMicros(percent);
    }
  }
}
