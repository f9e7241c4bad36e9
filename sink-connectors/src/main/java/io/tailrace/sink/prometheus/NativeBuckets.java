package io.tailrace.sink.prometheus;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cumulative counts in the exponential buckets of a native histogram: bucket i of schema n holds
 * values above 2^((i-1)/2^n) and up to 2^(i/2^n) seconds.
 *
 * @see <a href="https://prometheus.io/docs/specs/native_histograms/">Prometheus, native
 *     histograms</a>
 */
final class NativeBuckets {
  // What client libraries use: far below a microsecond, so only true zeros are in the zero bucket.
  private static final double ZERO_THRESHOLD = 0x1p-128;
  private static final double MICROS_PER_SECOND = 1e6;

  private static final int COARSEST = -4;
  private static final int FINEST = 8;
  private static final List<Bounds> BOUNDS =
      IntStream.rangeClosed(0, FINEST).mapToObj(Bounds::of).toList();

  // Two empty buckets cost less in a span than the start of another one.
  private static final int MOST_BRIDGED = 2;

  /**
   * The bounds from one up to two, which doubled and halved are all there are, and which of them to
   * look at for the first bits of a fraction. There is one look-up for every value of every window,
   * and a logarithm takes ten times as long.
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
  private long[] counts = new long[0];
  private int first;
  private long zeros;

  NativeBuckets(int schema) {
    if (schema < COARSEST || schema > FINEST) {
      throw new IllegalArgumentException("schema " + schema + ", expected -4 to 8");
    }
    this.schema = schema;
    this.bounds = BOUNDS.get(Math.max(schema, 0));
  }

  /** Adds so many values at this many microseconds; a negative count takes them back. */
  void add(double micros, long count) {
    if (micros <= 0) {
      zeros += count;
      return;
    }
    int index = indexOf(micros);
    makeRoomFor(index);
    counts[index - first] += count;
  }

  int indexOf(double micros) {
    double seconds = micros / MICROS_PER_SECOND;
    int doublings = Math.getExponent(seconds);
    int index = doublings * bounds.count() + bounds.indexOf(seconds);
    return schema >= 0 ? index : -Math.floorDiv(-index, 1 << -schema);
  }

  private void makeRoomFor(int index) {
    if (counts.length == 0) {
      first = index;
      counts = new long[8];
    } else if (index < first) {
      int room = Math.max(first - index, counts.length / 2);
      long[] more = new long[counts.length + room];
      System.arraycopy(counts, 0, more, room, counts.length);
      counts = more;
      first -= room;
    } else if (index - first >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(index - first + 1, counts.length * 3 / 2));
    }
  }

  /** Writes schema, zero bucket, spans and deltas of a {@code prometheus.Histogram}. */
  void writeTo(ProtoWriter histogram) {
    histogram.signed(4, schema);
    histogram.fixed(5, ZERO_THRESHOLD);
    histogram.number(6, zeros);
    ProtoWriter span = new ProtoWriter(16);
    ProtoWriter deltas = new ProtoWriter(counts.length * 2 + 16);
    long previous = 0;
    int next = 0;
    boolean started = false;
    for (int start = nextUsed(0); start < counts.length; ) {
      int end = endOfSpan(start);
      span.clear();
      span.signed(1, started ? start - next : first + start);
      span.number(2, end - start);
      histogram.message(11, span);
      for (int i = start; i < end; i++) {
        deltas.packedSigned(counts[i] - previous);
        previous = counts[i];
      }
      started = true;
      next = end;
      start = nextUsed(end);
    }
    if (started) {
      histogram.message(12, deltas);
    }
  }

  private int nextUsed(int from) {
    int i = from;
    while (i < counts.length && counts[i] == 0) {
      i++;
    }
    return i;
  }

  private int endOfSpan(int start) {
    int end = start;
    for (int used = start; used < counts.length && used - end <= MOST_BRIDGED; ) {
      end = used + 1;
      used = nextUsed(end);
    }
    return end;
  }
}
