package io.tailrace.sink.core;

import java.util.List;

/**
 * One outside system; the runner calls it from several threads, one batch of one partition each.
 */
public interface Sink extends AutoCloseable {

  /**
   * Makes one attempt and says what came of it. An exception counts as {@link Delivery.Retry}: the
   * same items come again, so an attempt must bear being repeated.
   */
  Delivery deliver(List<Item> batch) throws Exception;

  /** Connects and authenticates without leaving a trace; throws with what is wrong and the cure. */
  void check() throws Exception;

  @Override
  void close();
}
