package io.tailrace.publisher;

import org.jspecify.annotations.Nullable;

/** A series with one way its requests end, registered with a publisher. */
public final class Outcome {

  private final SeriesHandle series;
  private final int index;
  private final int status;
  private final @Nullable String error;

  Outcome(SeriesHandle series, int index, int status, @Nullable String error) {
    this.series = series;
    this.index = index;
    this.status = status;
    this.error = error;
  }

  /** The series. */
  public SeriesHandle series() {
    return series;
  }

  /** The protocol's status; 0 when no answer came. */
  public int status() {
    return status;
  }

  /** The kind of error; null when the request succeeded. */
  public @Nullable String error() {
    return error;
  }

  int index() {
    return index;
  }

  @Override
  public String toString() {
    return series + " " + status + (error == null ? "" : " " + error);
  }
}
