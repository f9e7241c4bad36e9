package io.tailrace.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tailrace.histogram.HistogramFrame;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Held against the raw values, which the histogram itself has rounded already. */
class SpreadTest {
  private static final long HOUR = 3_600_000_000L;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void keepsCountsExactlyAndEveryPercentileWithinOnePercent(int seed) {
    Random random = new Random(seed);
    int count = 1 + random.nextInt(20_000);
    long[] raw = new long[count];
    DoubleSupplier shape = shape(random, seed % 4);
    for (int i = 0; i < count; i++) {
      raw[i] = Math.max(1, Math.min(HOUR, (long) shape.getAsDouble()));
    }
    Arrays.sort(raw);
    Spread spread = spread(raw);
    double[] values = spread.values(0, spread.size(), 1);
    double[] counts = spread.counts(0, spread.size());

    assertThat(values).isSorted().doesNotHaveDuplicates();
    assertThat(Arrays.stream(counts).sum()).isEqualTo(count);
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * counts[i];
    }
    double exact = Arrays.stream(raw).asDoubleStream().sum();
    assertThat(sum).isCloseTo(exact, within(exact * 0.01));
    // Every rank is a percentile.
    int at = 0;
    long upTo = (long) counts[0];
    for (int rank = 0; rank < count; rank++) {
      while (rank >= upTo) {
        upTo += (long) counts[++at];
      }
      assertThat(values[at]).isCloseTo((double) raw[rank], within(raw[rank] * 0.01));
    }
  }

  private static DoubleSupplier shape(Random random, int kind) {
    return switch (kind) {
      case 0 -> () -> 20_000 * Math.exp(random.nextGaussian());
      case 1 -> () -> Math.exp(random.nextDouble() * Math.log(HOUR));
      case 2 -> () -> random.nextInt(10) == 0 ? 30_000_000 : 900 + random.nextInt(50);
      default -> () -> 1 + random.nextInt(100);
    };
  }

  @Test
  void oneValueIsItselfWithinTheHistogramsOwnRounding() {
    Spread spread = spread(123_456_789);
    assertThat(spread.size()).isEqualTo(1);
    assertThat(spread.values(0, 1, 1)[0]).isCloseTo(123_456_789, within(123_456_789 * 0.001));
  }

  @Test
  void smallValuesStayExact() {
    Spread spread = spread(1, 1, 2, 3, 50, 52, 52);
    assertThat(spread.values(0, spread.size(), 1)).containsExactly(1, 2, 3, 50, 52);
    assertThat(spread.counts(0, spread.size())).containsExactly(2, 1, 1, 1, 2);
  }

  @Test
  void aNarrowDistributionNeedsFewValues() {
    long[] raw = new Random(7).longs(100_000, 20_000, 200_000).toArray();
    assertThat(spread(raw).size()).isLessThanOrEqualTo(Datum.MOST_VALUES);
  }

  @Test
  void nothingIsNothing() {
    assertThat(spread().size()).isZero();
  }

  static Spread spread(long... values) {
    return Spread.of(frame(values));
  }

  static byte[] frame(long... values) {
    Histogram histogram = new Histogram(1, HOUR, 3);
    for (long value : values) {
      histogram.recordValue(value);
    }
    return HistogramFrame.encode(histogram);
  }
}
