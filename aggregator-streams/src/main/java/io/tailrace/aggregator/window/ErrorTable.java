package io.tailrace.aggregator.window;

import io.tailrace.wire.SampleBatchReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kinds of errors of one run, numbered; what is beyond the limit is one kind. */
public final class ErrorTable {
  static final int NONE = -1;
  static final int OTHER = 0;

  private static final int LIMIT = 1000;

  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> byName = new HashMap<>();
  private final SliceTable bySlice = new SliceTable(4 * LIMIT);

  public ErrorTable() {
    numberOf(SeriesTable.OTHER_NAME);
  }

  int numberOf(SampleBatchReader batch, int outcome) {
    byte[] bytes = batch.bytes();
    int offset = batch.errorOffset(outcome);
    int length = batch.errorLength(outcome);
    int known = bySlice.get(bytes, offset, length);
    if (known != SliceTable.ABSENT) {
      return known;
    }
    String name = batch.error(outcome);
    int number = numberOf(CleanText.of(name == null ? "" : name));
    if (number != OTHER) {
      bySlice.put(bytes, offset, length, number);
    }
    return number;
  }

  int numberOf(String name) {
    Integer known = byName.get(name);
    if (known != null) {
      return known;
    }
    if (names.size() > LIMIT) {
      return OTHER;
    }
    names.add(name);
    byName.put(name, names.size() - 1);
    return names.size() - 1;
  }

  String name(int number) {
    return names.get(number);
  }
}
