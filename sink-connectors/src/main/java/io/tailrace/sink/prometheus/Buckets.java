package io.tailrace.sink.prometheus;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How distributions are counted.
 *
 * @param schema the resolution of native histograms: 2^schema buckets for each doubling
 * @param boundsSeconds the upper bounds of classic histograms, ascending, without infinity
 */
record Buckets(int schema, List<Double> boundsSeconds) {
  static final Buckets DEFAULT =
      new Buckets(
          5,
          DoubleStream.of(
                  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
              .boxed()
              .toList());

  Buckets {
    boundsSeconds = List.copyOf(boundsSeconds);
  }
}
