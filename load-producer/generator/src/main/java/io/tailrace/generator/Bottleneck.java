package io.tailrace.generator;

import io.tailrace.generator.engine.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Watches whether the generator itself held the load back, and says how. Not thread-safe. */
final class Bottleneck {

  private static final double BUSY_PERCENT = 90;
  private static final double OFTEN = 0.1;
  private static final double FULL_PERCENT = 1;
  private static final long LATE_MICROS = 10_000;
  private static final int FEWEST_LOOKS = 3;

  private int looks;
  private int busyLooks;
  private int busyLoopLooks;

  /** Takes note of one look at a run; CPU in percent of all cores. */
  void look(Progress progress, double processCpuPercent) {
    if (progress.elapsedNanos() <= 0 || progress.elapsedNanos() > progress.durationNanos()) {
      return;
    }
    looks++;
    busyLooks += processCpuPercent > BUSY_PERCENT ? 1 : 0;
    busyLoopLooks += progress.loopCpuPercent() > BUSY_PERCENT ? 1 : 0;
  }

  /** What held the load back so far, one sentence each; empty when nothing did. */
  List<String> reasons(Progress progress) {
    List<String> reasons = new ArrayList<>();
    if (often(busyLooks)) {
      reasons.add("its process used more than 90 % of the CPU: use more nodes or cores");
    } else if (often(busyLoopLooks)) {
      reasons.add("an event loop used more than 90 % of a core: raise --event-loops, or use nodes");
    }
    boolean full = progress.fullPercent() > FULL_PERCENT;
    if (full) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "all %d connections were busy %.0f %% of the time while requests were due: raise"
                  + " http.connections, unless the target is to be spared",
              progress.maxConnections(),
              progress.fullPercent()));
    } else if (progress.lateness().p99() > LATE_MICROS) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "1 %% of the requests were sent more than %.1f ms late, though connections were free",
              progress.lateness().p99() / 1e3));
    }
    return reasons;
  }

  private boolean often(int seen) {
    return looks >= FEWEST_LOOKS && seen > OFTEN * looks;
  }
}
