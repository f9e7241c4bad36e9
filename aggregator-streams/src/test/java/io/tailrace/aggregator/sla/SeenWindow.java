package io.tailrace.aggregator.sla;

/** A window made up for a test: every request takes the same time. */
record SeenWindow(
    long windowStartMicros,
    long windowMicros,
    long coveredMicros,
    int revision,
    boolean complete,
    long requests,
    long errors,
    double millis)
    implements WindowView {

  static SeenWindow at(long second, long seconds, double millis) {
    long width = seconds * 1_000_000;
    return new SeenWindow(second * 1_000_000, width, width, 0, true, 1_000, 0, millis);
  }

  SeenWindow corrected(int revision, double millis) {
    return new SeenWindow(
        windowStartMicros,
        windowMicros,
        coveredMicros,
        revision,
        complete,
        requests,
        errors,
        millis);
  }

  SeenWindow with(long requests, long errors) {
    return new SeenWindow(
        windowStartMicros,
        windowMicros,
        coveredMicros,
        revision,
        complete,
        requests,
        errors,
        millis);
  }

  SeenWindow covering(long coveredMicros) {
    return new SeenWindow(
        windowStartMicros,
        windowMicros,
        coveredMicros,
        revision,
        complete,
        requests,
        errors,
        millis);
  }

  SeenWindow incomplete() {
    return new SeenWindow(
        windowStartMicros, windowMicros, coveredMicros, revision, false, requests, errors, millis);
  }

  @Override
  public double throughput() {
    return requests * 1e6 / coveredMicros;
  }

  @Override
  public long requestsWithStatus(int from, int to) {
    return 0;
  }

  @Override
  public Times responseTime() {
    double micros = millis * 1_000;
    return new Times() {
      @Override
      public double minMicros() {
        return micros;
      }

      @Override
      public double meanMicros() {
        return micros;
      }

      @Override
      public double maxMicros() {
        return micros;
      }

      @Override
      public double percentileMicros(double percent) {
        return micros;
      }
    };
  }

  @Override
  public Times serviceTime() {
    return responseTime();
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
