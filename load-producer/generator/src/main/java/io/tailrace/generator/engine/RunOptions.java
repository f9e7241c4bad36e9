package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Share;
import io.tailrace.publisher.SteadyClock;

/** How one node runs its share of a plan. */
public record RunOptions(Share node, int eventLoops, SteadyClock clock, long startNanos) {

  /** The whole plan, on one event loop, as soon as everything is ready. */
  public static RunOptions alone() {
    return new RunOptions(Share.WHOLE, 1, new SteadyClock(), System.nanoTime() + 50_000_000);
  }

  public RunOptions onLoops(int loops) {
    return new RunOptions(node, loops, clock, startNanos);
  }

  public RunOptions as(Share share) {
    return new RunOptions(share, eventLoops, clock, startNanos);
  }
}
