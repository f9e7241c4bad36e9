package io.tailrace.sink.prometheus;

import io.tailrace.histogram.HistogramCells;
import java.util.List;
import java.util.stream.DoubleStream;

/** How distributions are counted, and where in that the cells of histograms belong. */
final class Buckets {
  static final Buckets DEFAULT =
      new Buckets(
          5,
          DoubleStream.of(
                  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
              .boxed()
              .toList());

  private static final double MICROS_PER_SECOND = 1e6;

  private final NativeScale scale;
  private final List<Double> boundsSeconds;
  private final double[] boundsMicros;
  // The last of the usual cells that is not above a bound.
  private final int[] lastCells;

  /**
   * @param schema the resolution of native histograms: 2^schema buckets for each doubling
   * @param boundsSeconds the upper bounds of classic histograms, ascending, without infinity
   */
  Buckets(int schema, List<Double> boundsSeconds) {
    this.scale = new NativeScale(schema);
    this.boundsSeconds = List.copyOf(boundsSeconds);
    boundsMicros = boundsSeconds.stream().mapToDouble(s -> s * MICROS_PER_SECOND).toArray();
    lastCells = new int[boundsMicros.length];
    int cell = 0;
    for (int bound = 0; bound < boundsMicros.length; bound++) {
      while (cell < NativeScale.CELLS && HistogramCells.usualMiddle(cell) <= boundsMicros[bound]) {
        cell++;
      }
      lastCells[bound] = cell == NativeScale.CELLS ? Integer.MAX_VALUE : cell - 1;
    }
  }

  int schema() {
    return scale.schema();
  }

  NativeScale scale() {
    return scale;
  }

  List<Double> boundsSeconds() {
    return boundsSeconds;
  }

  /** Adds cells to counts, one for each bound and one for what is above all of them. */
  void count(HistogramCells cells, int sign, long[] atMost) {
    int bound = 0;
    if (scale.covers(cells)) {
      int i = 0;
      while (i < cells.size()) {
        // Cells ascend, and so do the bounds.
        while (bound < lastCells.length && cells.index(i) > lastCells[bound]) {
          bound++;
        }
        int last = bound < lastCells.length ? lastCells[bound] : Integer.MAX_VALUE;
        long count = 0;
        while (i < cells.size() && cells.index(i) <= last) {
          count += cells.count(i++);
        }
        atMost[bound] += sign * count;
      }
      return;
    }
    for (int i = 0; i < cells.size(); i++) {
      while (bound < boundsMicros.length && cells.middle(i) > boundsMicros[bound]) {
        bound++;
      }
      atMost[bound] += sign * cells.count(i);
    }
  }
}
