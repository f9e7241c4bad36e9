package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ErrorTable;
import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.aggregator.window.PagePool;
import io.tailrace.aggregator.window.SeriesCell;
import io.tailrace.aggregator.window.WindowFacts;
import java.util.List;
import java.util.NavigableMap;

/**
 * Windows of further widths, which are judged and not published: made from the kept state of
 * narrower ones when they are needed, so that nothing of them has to be kept.
 */
final class Spans {
  private final List<Tier> tiers;
  private final PagePool pool;
  private final ErrorTable errors;
  private final Publisher publisher;
  private final StagedState state;
  private final StateKey key;

  Spans(
      List<Tier> tiers,
      PagePool pool,
      ErrorTable errors,
      Publisher publisher,
      StagedState state,
      StateKey key) {
    this.tiers = tiers;
    this.pool = pool;
    this.errors = errors;
    this.publisher = publisher;
    this.state = state;
    this.key = key;
  }

  /** Judges those that end after {@code from}, by when all before had closed, and by {@code to}. */
  void close(long from, long to) {
    for (long width : publisher.judgedWidthsMicros()) {
      NavigableMap<Long, Long> kept = partsOf(width).kept;
      long first = from == Tier.NEVER ? (kept.isEmpty() ? to : kept.firstKey()) : from;
      long end = Math.floorDiv(to, width) * width;
      for (long start = Math.floorDiv(first, width) * width; start < end; ) {
        judge(width, start, 0);
        // What follows a gap in the data is looked for, not walked to.
        NavigableMap<Long, Long> later = kept.tailMap(start + width, true);
        start = later.isEmpty() ? end : Math.floorDiv(later.firstKey(), width) * width;
      }
    }
  }

  /** Judges the last ones as far as they go, the run being over. */
  void closeLast(long to) {
    for (long width : publisher.judgedWidthsMicros()) {
      if (to != Tier.NEVER && Math.floorMod(to, width) != 0) {
        judge(width, Math.floorDiv(to, width) * width, 0);
      }
    }
  }

  /** Judges those again that a corrected window is a part of. */
  void correct(Tier corrected, long startMicros, long closedToMicros) {
    for (long width : publisher.judgedWidthsMicros()) {
      long start = Math.floorDiv(startMicros, width) * width;
      if (partsOf(width) == corrected && start + width <= closedToMicros) {
        judge(width, start, 1);
      }
    }
  }

  private Tier partsOf(long width) {
    Tier widest = tiers.get(0);
    for (Tier tier : tiers) {
      if (tier.widthMicros < width && width % tier.widthMicros == 0) {
        widest = tier;
      }
    }
    return widest;
  }

  private void judge(long width, long start, int revision) {
    Tier parts = partsOf(width);
    NavigableMap<Long, Long> kept = parts.kept.subMap(start, true, start + width, false);
    if (kept.isEmpty()) {
      return;
    }
    if (start < parts.reopenFromMicros) {
      publisher.noteUnjudged(width);
      return;
    }
    LiveWindow whole = new LiveWindow(pool, start, width, false);
    for (long part : kept.keySet()) {
      byte[] bytes = state.get(key.of(StateKey.CLOSED, parts.number, part));
      if (bytes == null) {
        throw new IllegalStateException("the closed window of " + part + " us is missing");
      }
      LiveWindow window = parts.create(part, false);
      window.readFrom(new ByteReader(bytes), errors);
      whole.addAll(window);
      window.recycle();
    }
    WindowFacts facts = publisher.facts(whole, false);
    for (int number = 0; number < whole.seriesBound(); number++) {
      SeriesCell cell = whole.cellOrNull(number);
      if (cell != null) {
        publisher.judge(facts, whole, number, cell, revision);
      }
    }
    whole.recycle();
  }
}
