package io.tailrace.aggregator.window;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Response and service times of a cell, added up over its statuses as far as that is needed; what
 * they were added up in is given back at the end.
 */
public final class CellTimes implements AutoCloseable {
  private final SeriesCell cell;
  private final PagePool pool;
  private final List<ValueCounts> sums = new ArrayList<>(2);
  private @Nullable ValueCounts responses;
  private @Nullable ValueCounts services;

  CellTimes(SeriesCell cell, PagePool pool) {
    this.cell = cell;
    this.pool = pool;
  }

  /** From when each request was due. */
  ValueCounts responses() {
    ValueCounts known = responses;
    if (known == null) {
      known =
          isOne() ? cell.statuses()[0].prompt() : sum(StatusCell::addResponsesTo, cell.statuses());
      responses = known;
    }
    return known;
  }

  /** From when each request was sent; the very same counts when none was delayed. */
  ValueCounts services() {
    if (!cell.hasDelayed()) {
      return responses();
    }
    ValueCounts known = services;
    if (known == null) {
      known = sum(StatusCell::addServicesTo, cell.statuses());
      services = known;
    }
    return known;
  }

  /** The response times of one status. */
  ValueCounts responsesOf(StatusCell status) {
    return status.hasDelayed() ? sum(StatusCell::addResponsesTo, status) : status.prompt();
  }

  private boolean isOne() {
    return cell.statuses().length == 1 && !cell.hasDelayed();
  }

  private ValueCounts sum(BiConsumer<StatusCell, ValueCounts> add, StatusCell... statuses) {
    ValueCounts sum = new ValueCounts(pool);
    for (StatusCell one : statuses) {
      add.accept(one, sum);
    }
    sums.add(sum);
    return sum;
  }

  @Override
  public void close() {
    sums.forEach(ValueCounts::reset);
  }
}
