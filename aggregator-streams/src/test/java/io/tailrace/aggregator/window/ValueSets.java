package io.tailrace.aggregator.window;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Arbitrary sets of durations of many shapes and sizes; the seed that failed is in the name. */
final class ValueSets {
  private static final int[] SIZES = {1, 2, 3, 16, 17, 100, 1023, 1024, 1025, 2500, 20_000};

  static final class ValueSet {
    private final String name;
    private final long[] values;

    private ValueSet(String name, long[] values) {
      this.name = name;
      this.values = values;
    }

    long[] values() {
      return values;
    }

    long[] sorted() {
      long[] sorted = values.clone();
      Arrays.sort(sorted);
      return sorted;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private interface Shape {
    long next(Random random);
  }

  private ValueSets() {}

  static Stream<ValueSet> all() {
    List<ValueSet> sets = new ArrayList<>();
    long seed = 0;
    for (int size : SIZES) {
      for (int shape = 0; shape < shapes(0).size(); shape++) {
        sets.add(of(size, shape, ++seed));
      }
    }
    return sets.stream();
  }

  static ValueSet of(int size, int shape, long seed) {
    Random random = new Random(seed);
    Shape from = shapes(random.nextLong()).get(shape);
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = Math.max(1, Math.min(3_600_000_000L, from.next(random)));
    }
    return new ValueSet(size + " values, shape " + shape + ", seed " + seed, values);
  }

  private static List<Shape> shapes(long salt) {
    long somewhere = 1 + Math.floorMod(salt, 3_600_000_000L);
    return List.of(
        random -> somewhere,
        random -> somewhere + random.nextInt(100),
        random -> 1 + random.nextInt(3_000),
        random -> (long) Math.exp(9 + 1.5 * random.nextGaussian()),
        random -> (long) (random.nextDouble() * 3_600_000_000L),
        random -> 1L << random.nextInt(32),
        random -> random.nextBoolean() ? 1 : 3_600_000_000L);
  }
}
