package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.aggregator.window.ErrorTable;
import io.tailrace.aggregator.window.LiveWindow;
import java.util.Arrays;
import java.util.List;

/**
 * When sums of closed windows are written: rarely, because they can be made again from the state of
 * the closed windows, which is kept until the sum has closed itself or was written.
 */
final class Checkpoint {
  // Between two times that a sum is written, at most so many windows are kept for it, and not more
  // than so many base windows are as wide as they together.
  private static final int MOST_KEPT = 10;
  private static final int MOST_BASE_WINDOWS = 60;

  private final List<Tier> tiers;
  private final LiveWindow total;
  private final StagedState state;
  private final StateKey key;
  private final ErrorTable errors;
  private final ByteWriter scratch = new ByteWriter(64 * 1024);
  // By tier: all of its windows that had closed by then are in what was written of their sums.
  private final long[] summedTo;
  private boolean demanded;

  Checkpoint(
      List<Tier> tiers, LiveWindow total, StagedState state, StateKey key, ErrorTable errors) {
    this.tiers = tiers;
    this.total = total;
    this.state = state;
    this.key = key;
    this.errors = errors;
    summedTo = new long[tiers.size()];
    Arrays.fill(summedTo, Tier.NEVER);
  }

  /** Says that the sums hold something that the kept windows do not tell. */
  void demand() {
    demanded = true;
  }

  /** From when on the closed windows of a tier are needed to make their sums again. */
  long neededFrom(Tier tier) {
    return isWidest(tier)
        ? summedTo[tier.number]
        : Math.max(summedTo[tier.number], tiers.get(tier.number + 1).closedToMicros);
  }

  private boolean isWidest(Tier tier) {
    return tier.number + 1 == tiers.size();
  }

  void saveIfDue() {
    for (Tier tier : tiers) {
      if (demanded || tier.kept.tailMap(neededFrom(tier), true).size() >= mostKept(tier)) {
        saveSumsOf(tier);
        summedTo[tier.number] = tier.closedToMicros;
      }
    }
    demanded = false;
  }

  private int mostKept(Tier tier) {
    long baseWindows = tier.widthMicros / tiers.get(0).widthMicros;
    return (int) Math.max(1, Math.min(MOST_KEPT, MOST_BASE_WINDOWS / baseWindows));
  }

  private void saveSumsOf(Tier tier) {
    if (!isWidest(tier)) {
      Tier wider = tiers.get(tier.number + 1);
      wider.open.forEach((start, window) -> write(keyOf(wider, start), window));
    } else if (total.isDirty()) {
      write(key.of(StateKey.TOTAL), total);
      total.saved();
    }
  }

  private byte[] keyOf(Tier tier, long startMicros) {
    return key.of(StateKey.SUMMED, tier.number, startMicros);
  }

  private void write(byte[] at, LiveWindow window) {
    scratch.clear();
    ChunkedValue value = new ChunkedValue();
    window.writeTo(scratch, errors, () -> value.takeFrom(scratch));
    state.put(at, value, scratch);
  }

  /** Forgets what was written of a sum: it has closed. */
  void forget(Tier tier, long startMicros) {
    if (tier.number > 0) {
      state.delete(keyOf(tier, startMicros));
    }
  }

  void writeTo(ByteWriter header) {
    for (long one : summedTo) {
      header.writeLong(one);
    }
  }

  void readFrom(ByteReader header) {
    for (int i = 0; i < summedTo.length; i++) {
      summedTo[i] = header.readLong();
    }
  }

  /** Adds to the sums that were read what has closed since they were written. */
  void addSince() {
    for (Tier tier : tiers) {
      for (long start : tier.kept.tailMap(neededFrom(tier), true).keySet()) {
        LiveWindow window = closed(tier, start);
        sumAround(tier, start).addAll(window);
        window.recycle();
      }
    }
  }

  private LiveWindow closed(Tier tier, long startMicros) {
    byte[] bytes = state.get(key.of(StateKey.CLOSED, tier.number, startMicros));
    if (bytes == null) {
      throw new IllegalStateException("the closed window of " + startMicros + " us is missing");
    }
    LiveWindow window = tier.create(startMicros, false);
    window.readFrom(new ByteReader(bytes), errors);
    return window;
  }

  private LiveWindow sumAround(Tier tier, long startMicros) {
    return isWidest(tier) ? total : tiers.get(tier.number + 1).at(startMicros);
  }
}
