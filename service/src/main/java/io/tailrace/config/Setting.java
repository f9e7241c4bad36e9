package io.tailrace.config;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One value that has been read and is waiting to hear what to do when it was not given. */
public class Setting<T> {
  private final Settings block;
  private final String key;
  private final String expected;
  private final T placeholder;
  private @Nullable T value;
  private boolean faulty;

  /**
   * @param value what was given, null when nothing was
   * @param placeholder stands in after a fault, so that reading goes on to find the other faults
   */
  Setting(
      Settings block,
      String key,
      String expected,
      T placeholder,
      @Nullable T value,
      boolean faulty) {
    this.block = block;
    this.key = key;
    this.expected = expected;
    this.placeholder = placeholder;
    this.value = value;
    this.faulty = faulty;
  }

  /** Refuses what the condition does not hold for; what was expected completes "expected ...". */
  public Setting<T> where(Predicate<? super T> condition, String expectation) {
    T present = value;
    if (present != null && !condition.test(present)) {
      block.refuse(key, expectation);
      value = null;
      faulty = true;
    }
    return this;
  }

  /**
   * Reads the value further; an {@link IllegalArgumentException} becomes the fault, its message all
   * that is said.
   *
   * @param standIn stands in after a fault
   */
  public <R> Setting<R> as(Function<? super T, R> reader, R standIn) {
    T present = value;
    if (present == null) {
      return new Setting<>(block, key, expected, standIn, null, faulty);
    }
    try {
      return new Setting<>(block, key, expected, standIn, reader.apply(present), false);
    } catch (IllegalArgumentException e) {
      block.fault(key, String.valueOf(e.getMessage()));
      return new Setting<>(block, key, expected, standIn, null, true);
    }
  }

  /** The value, or the default when none was given. */
  public T or(T byDefault) {
    return value == null ? byDefault : value;
  }

  /** The value; its absence is a fault. */
  public T required() {
    if (value != null) {
      return value;
    }
    if (!faulty) {
      block.missing(key, expected);
    }
    return placeholder;
  }

  public Optional<T> optional() {
    return Optional.ofNullable(value);
  }
}
