package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Share;
import io.tailrace.publisher.SteadyClock;

/** How one node runs its share of a plan. */
public record RunOptions(Share node, int eventLoops, SteadyClock clock) {

  /** The whole plan, on one event loop. */
  public static RunOptions alone() {
    return new RunOptions(Share.WHOLE, 1, new SteadyClock());
  }

  public RunOptions onLoops(int loops) {
    return new RunOptions(node, loops, clock);
  }

  public RunOptions as(Share share) {
    return new RunOptions(share, eventLoops, clock);
  }
}
