package io.tailrace.generator.plan;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** A node's way through its share of a feeder's rows, round and round; for all its threads. */
final class FeederCursor {

  private final Feeder feeder;
  private final Share share;
  private final long rows;
  private final AtomicLong next = new AtomicLong();

  FeederCursor(Feeder feeder, Share share) {
    this.feeder = feeder;
    this.share = share;
    this.rows = share.ofTotal(feeder.rows());
    if (rows == 0) {
      throw new IllegalArgumentException(
          "feeder "
              + feeder.name()
              + " has "
              + feeder.rows()
              + " rows: expected at least one for each of "
              + share.of()
              + " nodes");
    }
  }

  List<String> next(RandomGenerator random) {
    long turn = feeder.isRandom() ? random.nextLong(rows) : next.getAndIncrement() % rows;
    return feeder.row(share.index() + turn * share.of());
  }
}
