package io.tailrace.sink.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a target answered to one attempt, in the terms the runner acts on. */
public sealed interface Delivery {

  /** Everything is stored. */
  record Accepted() implements Delivery {}

  /** All but these is stored; these never will be. */
  record PartlyRejected(List<Rejection> rejections) implements Delivery {}

  /** Nothing is known to be stored; the same batch may be sent again. */
  record Retry(String reason, Optional<Duration> after) implements Delivery {}

  /** The target refuses this batch for good: the runner looks for the one bad item in it. */
  record Rejected(String reason) implements Delivery {}

  /** No batch can succeed until a person mends the configuration. */
  record Misconfigured(String reason) implements Delivery {}

  /** One item the target refuses for good: its place in the batch, and why. */
  record Rejection(int index, String reason) {}

  static Delivery accepted() {
    return new Accepted();
  }

  static Delivery retry(String reason) {
    return new Retry(reason, Optional.empty());
  }
}
