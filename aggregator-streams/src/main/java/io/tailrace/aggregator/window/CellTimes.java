package io.tailrace.aggregator.window;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Response and service times of a cell in order, added up over its statuses as far as that is
 * needed; what they were added up in is given back at the end.
 */
public final class CellTimes implements AutoCloseable {
  private final SeriesCell cell;
  private final PagePool pool;
  private final List<OrderedCounts> taken = new ArrayList<>(4);
  private OrderedCounts spare;
  private @Nullable OrderedCounts responses;
  private @Nullable OrderedCounts services;

  CellTimes(SeriesCell cell, PagePool pool) {
    this.cell = cell;
    this.pool = pool;
    spare = take();
  }

  /** From when each request was due. */
  OrderedCounts responses() {
    if (isOne()) {
      return cell.statuses()[0].prompt().ordered();
    }
    OrderedCounts known = responses;
    return known == null ? addUpResponses((status, times) -> {}) : known;
  }

  /**
   * The same, after going over the response times of each status, which are the consumer's until it
   * returns.
   */
  OrderedCounts addUpResponses(BiConsumer<StatusCell, OrderedCounts> each) {
    OrderedCounts sum = takeEmpty();
    OrderedCounts ofStatus = take();
    for (StatusCell one : cell.statuses()) {
      OrderedCounts times = one.prompt().ordered();
      ValueCounts delayed = one.delayedResponsesOrNull();
      if (delayed != null) {
        ofStatus.setToSum(times, delayed.ordered());
        times = ofStatus;
      }
      each.accept(one, times);
      sum = plus(sum, times);
    }
    responses = sum;
    return sum;
  }

  /** From when each request was sent; the very same counts when none was delayed. */
  OrderedCounts services() {
    if (!cell.hasDelayed()) {
      return responses();
    }
    OrderedCounts known = services;
    return known == null ? addUpServices() : known;
  }

  private OrderedCounts addUpServices() {
    // The most come last, so that they are gone over once: all others together are usually few.
    StatusCell most = statusWithMost();
    OrderedCounts sum = takeEmpty();
    for (StatusCell one : cell.statuses()) {
      ValueCounts delayed = one.delayedServicesOrNull();
      if (delayed != null) {
        sum = plus(sum, delayed.ordered());
      }
      if (one != most) {
        sum = plus(sum, one.prompt().ordered());
      }
    }
    sum = plus(sum, most.prompt().ordered());
    services = sum;
    return sum;
  }

  private StatusCell statusWithMost() {
    StatusCell most = cell.statuses()[0];
    for (StatusCell one : cell.statuses()) {
      if (one.requests() > most.requests()) {
        most = one;
      }
    }
    return most;
  }

  private boolean isOne() {
    return cell.statuses().length == 1 && !cell.hasDelayed();
  }

  /** A sum becomes the spare one, and the spare one the greater sum. */
  private OrderedCounts plus(OrderedCounts sum, OrderedCounts more) {
    OrderedCounts greater = spare;
    greater.setToSum(sum, more);
    spare = sum;
    return greater;
  }

  private OrderedCounts takeEmpty() {
    OrderedCounts empty = take();
    empty.begin(0, 0, Long.MAX_VALUE, 0);
    return empty;
  }

  private OrderedCounts take() {
    OrderedCounts one = pool.takeOrdered();
    taken.add(one);
    return one;
  }

  @Override
  public void close() {
    taken.forEach(pool::giveBack);
  }
}
