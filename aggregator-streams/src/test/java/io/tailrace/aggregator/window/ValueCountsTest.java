package io.tailrace.aggregator.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tailrace.aggregator.window.ValueSets.ValueSet;
import io.tailrace.record.Distribution;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueCountsTest {
  private final PagePool pool = new PagePool(64);

  static Stream<ValueSet> sets() {
    return ValueSets.all();
  }

  @ParameterizedTest
  @MethodSource("sets")
  void countsAndSumsExactly(ValueSet set) {
    ValueCounts counts = recorded(set.values());

    assertThat(counts.count()).isEqualTo(set.values().length);
    assertThat(counts.sum()).isEqualTo(LongStream.of(set.values()).sum());
    assertThat(counts.isPaged()).isEqualTo(set.values().length > ValueCounts.RAW_LIMIT);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void percentilesAreWithinAThousandthOfTheNearestRank(ValueSet set) {
    Distribution distribution = distribution(recorded(set.values()));
    long[] sorted = set.sorted();

    assertThat(distribution.getMinMicros()).isEqualTo(sorted[0]);
    assertThat(distribution.getMaxMicros()).isEqualTo(sorted[sorted.length - 1]);
    assertNear(distribution.getP50Micros(), sorted, 500);
    assertNear(distribution.getP75Micros(), sorted, 750);
    assertNear(distribution.getP90Micros(), sorted, 900);
    assertNear(distribution.getP95Micros(), sorted, 950);
    assertNear(distribution.getP99Micros(), sorted, 990);
    assertNear(distribution.getP999Micros(), sorted, 999);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void anyPercentileIsWithinAThousandthOfTheNearestRank(ValueSet set) {
    ValueCounts counts = recorded(set.values());
    long[] sorted = set.sorted();
    for (int steps : new int[] {1, 10, 33_333, 50_000, 66_667, 99_900, 99_990, 99_999, 100_000}) {
      long rank = (sorted.length * (long) steps + 99_999) / 100_000;
      double exact = sorted[(int) Math.max(1, rank) - 1];
      assertThat((double) counts.percentileMicros(steps / 1000.0))
          .isCloseTo(exact, within(exact * 1e-3));
    }
    assertThat(counts.percentileMicros(99.9)).isEqualTo(distribution(counts).getP999Micros());
    assertThat(counts.percentileMicros(100)).isEqualTo(sorted[sorted.length - 1]);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void meanIsExactAndDeviationIsThatOfHdrHistogram(ValueSet set) {
    Distribution distribution = distribution(recorded(set.values()));
    Histogram histogram = histogram(set.values());

    assertThat(distribution.getMeanMicros())
        .isEqualTo((double) LongStream.of(set.values()).sum() / set.values().length);
    double deviation = histogram.getStdDeviation();
    assertThat(distribution.getStdevMicros()).isCloseTo(deviation, within(1e-6 * deviation + 1e-3));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void writesTheBytesOfHdrHistogram(ValueSet set) {
    Histogram histogram = histogram(set.values());
    ByteBuffer expected = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoByteBuffer(expected);

    assertThat(v2(recorded(set.values()))).isEqualTo(Arrays.copyOf(expected.array(), length));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void hdrHistogramReadsTheBytes(ValueSet set) {
    assertThat(decoded(recorded(set.values()))).isEqualTo(histogram(set.values()));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void nothingDependsOnTheOrderOfRecordingOrMerging(ValueSet set) {
    ValueCounts straight = recorded(set.values());

    for (long seed = 1; seed <= 3; seed++) {
      assertSame(recorded(shuffled(set.values(), seed)), straight);
      assertSame(mergedFromParts(shuffled(set.values(), seed), seed), straight);
    }
  }

  @Test
  void forgetsItsOrderWithItsValues() {
    ValueCounts counts = recorded(new long[] {1, 2, 3});
    assertThat(distribution(counts).getMaxMicros()).isEqualTo(3);

    counts.reset();
    LongStream.of(7, 8, 9).forEach(counts::record);

    assertSame(counts, recorded(new long[] {7, 8, 9}));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void mergingLeavesTheOtherAsItWas(ValueSet set) {
    ValueCounts other = recorded(set.values());
    ValueCounts into = recorded(set.values());

    into.addAll(other);

    assertSame(other, recorded(set.values()));
    Histogram both = histogram(set.values());
    both.add(histogram(set.values()));
    assertThat(decoded(into)).isEqualTo(both);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void stateGivesTheSameBack(ValueSet set) {
    ValueCounts counts = recorded(set.values());
    ByteWriter state = new ByteWriter(16);
    counts.writeTo(state);

    ValueCounts back = recorded(new long[] {1, 2, 3});
    ByteReader reader = new ByteReader(state.toByteArray());
    back.readFrom(reader);

    assertThat(reader.hasMore()).isFalse();
    assertSame(back, counts);
    assertThat(back.isPaged()).isEqualTo(set.values().length > 128);
    back.record(7);
    counts.record(7);
    assertSame(back, counts);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void damagedStateIsRefusedOrReadButNeverLoops(ValueSet set) {
    ByteWriter state = new ByteWriter(16);
    recorded(set.values()).writeTo(state);
    byte[] good = state.toByteArray();
    Random random = new Random(good.length);
    for (int i = 0; i < 50; i++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 1));
      if (bad.length > 0) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      ValueCounts counts = new ValueCounts(pool);
      try {
        counts.readFrom(new ByteReader(bad));
        assertThat(counts.count()).isEqualTo(counted(counts));
      } catch (IllegalStateException expected) {
        assertThat(expected).isExactlyInstanceOf(IllegalStateException.class);
      }
      counts.reset();
    }
  }

  @Test
  void recordsValuesBeyondTheBoundsAtTheBounds() {
    long[] beyond = {Long.MIN_VALUE, -1, 0, 3_600_000_001L, 1L << 32, Long.MAX_VALUE};
    ValueCounts counts = recorded(beyond);

    assertThat(LongStream.of(beyond).allMatch(ValueCounts::clamps)).isTrue();
    assertThat(ValueCounts.clamps(1) || ValueCounts.clamps(3_600_000_000L)).isFalse();
    assertSame(
        counts, recorded(new long[] {1, 1, 1, 3_600_000_000L, 3_600_000_000L, 3_600_000_000L}));
  }

  @Test
  void nothingRecordedHasNoStatistics() {
    ValueCounts counts = new ValueCounts(pool);

    assertThat(counts.isEmpty()).isTrue();
    assertThat(counts.distribution()).isNull();
    assertThat(counts.percentileMicros(50)).isZero();
    assertThat(counts.minMicros() + counts.maxMicros()).isZero();
    assertThat(decoded(counts).getTotalCount()).isZero();
  }

  @Test
  void aBucketCountsBeyondFourBillion() {
    ValueCounts counts = recorded(ValueSets.of(3_000, 2, 1).values());
    Histogram expected = histogram(ValueSets.of(3_000, 2, 1).values());
    for (int doubling = 0; doubling < 34; doubling++) {
      ValueCounts same = new ValueCounts(pool);
      same.addAll(counts);
      counts.addAll(same);
      expected.add(expected.copy());
    }
    counts.record(5);
    expected.recordValue(5);

    assertThat(counts.count()).isEqualTo((3_000L << 34) + 1);
    assertThat(decoded(counts)).isEqualTo(expected);

    ByteWriter state = new ByteWriter(16);
    counts.writeTo(state);
    ValueCounts back = new ValueCounts(pool);
    back.readFrom(new ByteReader(state.toByteArray()));
    assertSame(back, counts);
  }

  @Test
  void theFourBillionthOfOneValueIsCarried() {
    ValueCounts counts = recorded(new long[2_000]);
    ValueCounts nearlyFull = new ValueCounts(pool);
    ByteWriter state = new ByteWriter(16);
    for (long number : new long[] {1, 0xFFFF_FFFFL, 0xFFFF_FFFFL, 1, 1, 1, 3, 0xFFFF_FFFFL}) {
      state.writeUnsigned(number);
    }
    nearlyFull.readFrom(new ByteReader(state.toByteArray()));

    nearlyFull.record(1);
    nearlyFull.addAll(counts);

    assertThat(nearlyFull.count()).isEqualTo(0x1_0000_0000L + 2_000);
    assertThat(counted(nearlyFull)).isEqualTo(nearlyFull.count());
  }

  @Test
  void startsOverAfterAResetAndUsesItsPagesAgain() {
    ValueCounts counts = recorded(ValueSets.of(20_000, 4, 1).values());
    long large = counts.retainedBytes();

    counts.reset();
    assertThat(counts.isEmpty()).isTrue();
    assertThat(counts.distribution()).isNull();
    assertThat(counts.retainedBytes()).isLessThan(200);
    assertThat(pool.retainedBytes()).isGreaterThan(large / 2);

    for (long value : ValueSets.of(20_000, 3, 2).values()) {
      counts.record(value);
    }
    assertSame(counts, recorded(ValueSets.of(20_000, 3, 2).values()));
  }

  @Test
  void tenValuesTakeAFewHundredBytes() {
    assertThat(recorded(ValueSets.of(10, 3, 1).values()).retainedBytes()).isLessThan(256);
  }

  @Test
  void halfAThousandValuesTakeLittleMoreThanAByteEachInTheState() {
    Random random = new Random(1);
    long[] micros = new long[500];
    Arrays.setAll(micros, i -> (long) Math.exp(9.2 + 0.6 * random.nextGaussian()));
    ByteWriter state = new ByteWriter(16);
    recorded(micros).writeTo(state);

    assertThat(state.size()).isLessThan(600);
  }

  @Test
  void refusesStateThatDoesNotAddUp() {
    ByteWriter state = new ByteWriter(16);
    for (long number : new long[] {1, 10, 100, 5, 6, 2, 11, 4, 3, 5}) {
      state.writeUnsigned(number);
    }
    assertThatThrownBy(() -> new ValueCounts(pool).readFrom(new ByteReader(state.toByteArray())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("leave 1 of 10 values out");
  }

  private ValueCounts recorded(long[] values) {
    ValueCounts counts = new ValueCounts(pool);
    for (long value : values) {
      counts.record(value);
    }
    return counts;
  }

  private ValueCounts mergedFromParts(long[] values, long seed) {
    Random random = new Random(seed);
    ValueCounts merged = new ValueCounts(pool);
    for (int from = 0; from < values.length; ) {
      int to = Math.min(values.length, from + 1 + random.nextInt(values.length));
      merged.addAll(recorded(Arrays.copyOfRange(values, from, to)));
      from = to;
    }
    return merged;
  }

  private static Distribution distribution(ValueCounts counts) {
    Distribution distribution = counts.distribution();
    assertThat(distribution).isNotNull();
    return Objects.requireNonNull(distribution);
  }

  private static void assertSame(ValueCounts actual, ValueCounts expected) {
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(actual.sum()).isEqualTo(expected.sum());
    assertThat(actual.distribution()).isEqualTo(expected.distribution());
    assertThat(actual.frame()).isEqualTo(expected.frame());
  }

  private static void assertNear(long actual, long[] sorted, int thousandths) {
    double exact = sorted[(sorted.length * thousandths + 999) / 1000 - 1];
    assertThat((double) actual).isCloseTo(exact, within(exact * 1e-3));
  }

  private static long counted(ValueCounts counts) {
    return decoded(counts).getTotalCount();
  }

  private static byte[] v2(ValueCounts counts) {
    byte[] frame = counts.frame();
    return Arrays.copyOfRange(frame, 13, frame.length);
  }

  private static Histogram decoded(ValueCounts counts) {
    return Histogram.decodeFromByteBuffer(ByteBuffer.wrap(v2(counts)), 0);
  }

  private static Histogram histogram(long[] values) {
    Histogram histogram = new Histogram(1, 3_600_000_000L, 3);
    for (long value : values) {
      histogram.recordValue(value);
    }
    return histogram;
  }

  private static long[] shuffled(long[] values, long seed) {
    long[] shuffled = values.clone();
    Random random = new Random(seed);
    for (int i = shuffled.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      long swap = shuffled[i];
      shuffled[i] = shuffled[other];
      shuffled[other] = swap;
    }
    return shuffled;
  }
}
