package io.tailrace.sink.prometheus;

import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What a counter or a histogram counts. */
sealed interface Measure {
  /** A number of requests. */
  record Count(ToLongFunction<Contents.Share> of) implements Measure {}

  /** Failed requests by kind of error. */
  record ErrorKinds() implements Measure {}

  /** Bytes, which are known of all requests together only. */
  record Bytes(ToLongFunction<Contents> of) implements Measure {}

  /**
   * Times of requests.
   *
   * @param ofService those of the service rather than of the response
   */
  record Times(Function<Contents.Share, Contents.Times> of, boolean ofService) implements Measure {}

  /** A metric of the latest window, by the name it has everywhere; times become seconds. */
  record Latest(String name, double factor) implements Measure {}
}
