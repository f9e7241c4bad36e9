package io.tailrace.generator.target;

import io.tailrace.publisher.SteadyClock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the event loops of one target share: its behaviour now, and its ledger. */
final class TargetState {

  private static final int MAX_DEGRADATIONS = 100;

  private final Behaviour normal;
  private final TargetLedger ledger = new TargetLedger();
  private final List<Degradation> degradations = new CopyOnWriteArrayList<>();
  private final SteadyClock clock = new SteadyClock();
  private final long startNanos = System.nanoTime();

  TargetState(Behaviour normal) {
    this.normal = normal;
  }

  TargetLedger ledger() {
    return ledger;
  }

  long nowMicros() {
    return clock.getAsLong();
  }

  long sinceStartNanos() {
    return System.nanoTime() - startNanos;
  }

  /** The behaviour of this moment: the latest degradation that covers it, or the normal one. */
  Behaviour at(long sinceStartNanos) {
    for (int i = degradations.size() - 1; i >= 0; i--) {
      Degradation degradation = degradations.get(i);
      if (degradation.covers(sinceStartNanos)) {
        return degradation.behaviour();
      }
    }
    return normal;
  }

  Behaviour normal() {
    return normal;
  }

  void degrade(Degradation degradation) {
    degradations.removeIf(old -> old.untilNanos() < degradation.fromNanos());
    if (degradations.size() >= MAX_DEGRADATIONS) {
      throw new IllegalArgumentException(
          "expected at most " + MAX_DEGRADATIONS + " degradations at a time");
    }
    degradations.add(degradation);
  }

  void recover() {
    degradations.clear();
  }

  List<Degradation> degradations() {
    return List.copyOf(degradations);
  }
}
