package io.tailrace.sink.prometheus;

import io.tailrace.histogram.HistogramCells;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The exponential buckets of native histograms: bucket i of schema n holds values above
 * 2^((i-1)/2^n) and up to 2^(i/2^n) seconds.
 *
 * @see <a href="https://prometheus.io/docs/specs/native_histograms/">Prometheus, native
 *     histograms</a>
 */
final class NativeScale {
  /** Cells of the usual histograms whose buckets are known beforehand: values of up to an hour. */
  static final int CELLS = 23 << 10;

  private static final double MICROS_PER_SECOND = 1e6;
  private static final int COARSEST = -4;
  private static final int FINEST = 8;
  private static final List<Bounds> BOUNDS =
      IntStream.rangeClosed(0, FINEST).mapToObj(Bounds::of).toList();

  /**
   * The bounds from one up to two, which doubled and halved are all there are, and which of them to
   * look at for the first bits of a fraction: a logarithm takes ten times as long.
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Bounds(double[] upTo, int[] firstFor) {
    // Twice as many slots as the finest schema has bounds: each has one of them at most.
    private static final int SLOT_BITS = FINEST + 1;
    private static final int FRACTION_BITS = 52;

    static Bounds of(int schema) {
      double[] upTo = new double[(1 << schema) + 1];
      for (int i = 0; i < upTo.length; i++) {
        upTo[i] = Math.pow(2, (double) i / (1 << schema));
      }
      int[] firstFor = new int[1 << SLOT_BITS];
      for (int slot = 0, bound = 0; slot < firstFor.length; slot++) {
        double from = 1 + (double) slot / firstFor.length;
        while (upTo[bound] < from) {
          bound++;
        }
        firstFor[slot] = bound;
      }
      return new Bounds(upTo, firstFor);
    }

    int count() {
      return upTo.length - 1;
    }

    /** The first bound that a number, its doublings aside, does not exceed. */
    int indexOf(double number) {
      long bits = Double.doubleToRawLongBits(number) & ((1L << FRACTION_BITS) - 1);
      double fraction = Double.longBitsToDouble(bits | Double.doubleToRawLongBits(1.0));
      int bound = firstFor[(int) (bits >>> (FRACTION_BITS - SLOT_BITS))];
      return fraction > upTo[bound] ? bound + 1 : bound;
    }
  }

  private final int schema;
  private final Bounds bounds;
  // There is one look-up for every cell of every window.
  private final int[] ofCells = new int[CELLS];

  NativeScale(int schema) {
    if (schema < COARSEST || schema > FINEST) {
      throw new IllegalArgumentException("schema " + schema + ", expected -4 to 8");
    }
    this.schema = schema;
    this.bounds = BOUNDS.get(Math.max(schema, 0));
    for (int cell = 1; cell < CELLS; cell++) {
      ofCells[cell] = indexOf(HistogramCells.usualMiddle(cell));
    }
  }

  int schema() {
    return schema;
  }

  /** The bucket of a value above zero. */
  int indexOf(double micros) {
    double seconds = micros / MICROS_PER_SECOND;
    int doublings = Math.getExponent(seconds);
    int index = doublings * bounds.count() + bounds.indexOf(seconds);
    return schema >= 0 ? index : -Math.floorDiv(-index, 1 << -schema);
  }

  /** Whether {@link #ofCell} knows the cells of a histogram. */
  boolean covers(HistogramCells cells) {
    return cells.isUsual() && (cells.size() == 0 || cells.index(cells.size() - 1) < CELLS);
  }

  /** The bucket of a cell of the usual kind; not of the first, which counts zeros. */
  int ofCell(int index) {
    return ofCells[index];
  }
}
