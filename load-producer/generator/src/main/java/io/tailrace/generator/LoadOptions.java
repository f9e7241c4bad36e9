package io.tailrace.generator;

import io.tailrace.generator.plan.Share;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one node takes part in a run.
 *
 * @param startAtMicros when to start, in microseconds since 1970; null for as soon as all are ready
 * @param fleetPatience how long to wait for the other nodes
 * @param warmUp for how long, at most, to send to itself before
 */
public record LoadOptions(
    String run,
    String node,
    Share share,
    int eventLoops,
    @Nullable Long startAtMicros,
    Duration fleetPatience,
    Duration warmUp) {

  /** One node that does the whole, at once and unprepared. */
  public static LoadOptions alone(String run) {
    return new LoadOptions(
        run, "node-1", Share.WHOLE, 1, null, Duration.ofMinutes(5), Duration.ZERO);
  }
}
