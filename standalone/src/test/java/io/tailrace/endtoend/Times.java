package io.tailrace.endtoend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Single values, kept and sorted: what a histogram is held against. */
final class Times {
  private final List<Long> micros = new ArrayList<>();

  void add(long value, long times) {
    micros.addAll(Collections.nCopies(Math.toIntExact(times), value));
  }

  int count() {
    return micros.size();
  }

  /** By nearest rank. */
  long percentile(double percent) {
    Collections.sort(micros);
    return micros.get((int) Math.ceil(percent / 100 * micros.size()) - 1);
  }
}
