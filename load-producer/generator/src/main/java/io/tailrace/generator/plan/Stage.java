package io.tailrace.generator.plan;

/** A stretch of a schedule whose rate, in requests a second, goes evenly from one to another. */
public record Stage(double fromRate, double toRate, long nanos) {

  private static final double NANOS_PER_SECOND = 1e9;

  public static Stage constant(double rate, long nanos) {
    return new Stage(rate, rate, nanos);
  }

  double arrivals() {
    return (fromRate + toRate) / 2 * seconds();
  }

  double rateAfter(long elapsedNanos) {
    return fromRate + (toRate - fromRate) * elapsedNanos / nanos;
  }

  double arrivalsAfter(long elapsedNanos) {
    return (fromRate + rateAfter(elapsedNanos)) / 2 * elapsedNanos / NANOS_PER_SECOND;
  }

  /** When so many arrivals have come: the inverse of {@link #arrivalsAfter}. */
  double nanosUntil(double arrivals) {
    double slope = (toRate - fromRate) / seconds();
    double root = Math.sqrt(Math.max(0, fromRate * fromRate + 2 * slope * arrivals));
    // This form of the quadratic's solution loses nothing when the slope is small or zero.
    double speed = fromRate + root;
    return speed == 0
        ? (double) nanos
        : Math.min((double) nanos, 2 * arrivals / speed * NANOS_PER_SECOND);
  }

  private double seconds() {
    return nanos / NANOS_PER_SECOND;
  }
}
