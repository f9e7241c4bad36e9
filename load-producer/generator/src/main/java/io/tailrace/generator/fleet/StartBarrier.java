package io.tailrace.generator.fleet;

import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Decides when a fleet starts: every node reads the same READY records in the same order, so each
 * comes to the same moment by itself.
 */
final class StartBarrier {

  /** Time for the last READY to reach every node, all of which listen before they are ready. */
  private static final long HEAD_START_MICROS = TimeUnit.MILLISECONDS.toMicros(500);

  private final int nodes;
  private final Set<String> ready = new LinkedHashSet<>();
  private long startMicros = -1;

  StartBarrier(int nodes) {
    this.nodes = nodes;
  }

  /** A node is ready, as the log says it at this moment of the broker's clock. */
  void ready(String node, long appendedMicros) {
    ready.add(node);
    if (startMicros < 0 && ready.size() >= nodes) {
      startMicros = appendedMicros + HEAD_START_MICROS;
    }
  }

  int readyNodes() {
    return ready.size();
  }

  OptionalLong startMicros() {
    return startMicros < 0 ? OptionalLong.empty() : OptionalLong.of(startMicros);
  }
}
