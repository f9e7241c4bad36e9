package io.tailrace.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A value that can be held between limits. */
public final class OrderedSetting<T extends Comparable<? super T>> extends Setting<T> {
  OrderedSetting(
      Settings block,
      String key,
      String expected,
      T placeholder,
      @Nullable T value,
      boolean faulty) {
    super(block, key, expected, placeholder, value, faulty);
  }

  /** Refuses what is outside the limits, which are allowed themselves. */
  public Setting<T> between(T least, T most) {
    return where(
        value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        "between " + written(least) + " and " + written(most));
  }

  public Setting<T> atLeast(T least) {
    return where(value -> value.compareTo(least) >= 0, "at least " + written(least));
  }

  private static String written(Object limit) {
    return limit instanceof Duration span ? Durations.format(span) : limit.toString();
  }
}
