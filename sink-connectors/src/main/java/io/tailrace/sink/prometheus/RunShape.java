package io.tailrace.sink.prometheus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is made of every run.
 *
 * @param metrics the metrics, no two of one name
 * @param window the width of the windows that are counted; the narrowest there are when not given
 * @param target the labels job and instance, for time series that nobody scrapes
 * @param histograms how distributions go into requests
 */
record RunShape(
    List<MetricSpec> metrics,
    Optional<Duration> window,
    Map<String, String> target,
    Histograms histograms,
    Buckets buckets) {

  /** How distributions are written. */
  enum Histograms {
    NATIVE,
    CLASSIC,
    /** Nobody is written to: what is counted is only shown. */
    NONE
  }
}
