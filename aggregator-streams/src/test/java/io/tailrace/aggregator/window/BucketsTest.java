package io.tailrace.aggregator.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class BucketsTest {
  private final Histogram oracle = new Histogram(1, 3_600_000_000L, 3);

  @Test
  void boundsAreThoseOfHdrHistogram() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long value = 1 + (long) (Math.pow(random.nextDouble(), 8) * 3_599_999_999L);
      int index = Buckets.indexOf(value);
      assertThat(Buckets.lowestIn(index)).isEqualTo(oracle.lowestEquivalentValue(value));
      assertThat(Buckets.highestIn(index)).isEqualTo(oracle.highestEquivalentValue(value));
      assertThat(Buckets.middleOf(index)).isEqualTo(oracle.medianEquivalentValue(value));
    }
  }

  @Test
  void everyBucketFollowsTheOneBefore() {
    for (int index = 1; index < Buckets.COUNT; index++) {
      assertThat(Buckets.lowestIn(index)).isEqualTo(Buckets.highestIn(index - 1) + 1);
      assertThat(Buckets.indexOf(Buckets.lowestIn(index))).isEqualTo(index);
      assertThat(Buckets.indexOf(Buckets.highestIn(index))).isEqualTo(index);
    }
  }
}
