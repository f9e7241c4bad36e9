package io.tailrace.publisher;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes in use, held against a bound; asking it never waits. */
final class MemoryBudget {

  private final long limit;
  private final AtomicLong used = new AtomicLong();

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  boolean tryTake(long bytes) {
    // Reading first: a thread that is refused, as those are that drop samples, neither takes room
    // for a moment from one that fits, nor fights over the line they all count on.
    if (used.get() + bytes > limit) {
      return false;
    }
    if (used.getAndAdd(bytes) + bytes > limit) {
      used.getAndAdd(-bytes);
      return false;
    }
    return true;
  }

  /** Takes what has to be kept in any case, such as a batch made of samples already held. */
  void take(long bytes) {
    used.getAndAdd(bytes);
  }

  void give(long bytes) {
    used.getAndAdd(-bytes);
  }

  boolean isSpent() {
    return used.get() >= limit;
  }

  long used() {
    return used.get();
  }

  long limit() {
    return limit;
  }
}
