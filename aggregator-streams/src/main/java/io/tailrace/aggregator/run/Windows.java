package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.BatchRecorder;
import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.aggregator.window.ErrorTable;
import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.aggregator.window.PagePool;
import io.tailrace.aggregator.window.SeriesCell;
import io.tailrace.aggregator.window.SeriesTable;
import io.tailrace.aggregator.window.WindowFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one run, from the base to the total.
 *
 * <p>A base window that closes is published, kept for as long as it may be re-opened, and added to
 * the wider window around it; that one in turn when it closes; the widest to the total.
 */
final class Windows implements BatchRecorder.Windows {
  // A leap over more than this is a gap in the data, not a silence of the tested system.
  private static final int MOST_EMPTY_WINDOWS = 120;

  private final RunRules rules;
  private final ErrorTable errors;
  private final Publisher publisher;
  private final StagedState state;
  private final StateKey key;
  private final List<Tier> tiers = new ArrayList<>();
  private final Spans spans;
  private final Checkpoint checkpoint;
  private final LiveWindow total;
  private final ByteWriter scratch = new ByteWriter(64 * 1024);
  private long firstStartMicros = Long.MAX_VALUE;
  private int supplements;
  private int forcedClosings;
  private int recordingLife;
  // The open window that samples were last recorded in: usually the next ones are as well.
  private @Nullable LiveWindow latest;

  Windows(
      RunRules rules,
      PagePool pool,
      ErrorTable errors,
      Publisher publisher,
      StagedState state,
      StateKey key) {
    this.rules = rules;
    this.errors = errors;
    this.publisher = publisher;
    this.state = state;
    this.key = key;
    for (long width : rules.widthsMicros()) {
      tiers.add(new Tier(tiers.size(), width, pool));
    }
    spans = new Spans(tiers, pool, errors, publisher, state, key);
    total = new LiveWindow(pool, 0, Long.MAX_VALUE, false);
    checkpoint = new Checkpoint(tiers, total, state, key, errors);
  }

  /** Says which life of a node the next samples come from. */
  void recordFor(int life) {
    recordingLife = life;
  }

  @Override
  public LiveWindow startingAt(long startMicros) {
    LiveWindow known = latest;
    if (known != null && known.startMicros() == startMicros) {
      return known;
    }
    Tier base = tiers.get(0);
    firstStartMicros = Math.min(firstStartMicros, startMicros);
    if (startMicros < base.closedToMicros) {
      return lateAt(base, startMicros);
    }
    if (!base.open.containsKey(startMicros)) {
      makeRoom(base, startMicros);
    }
    LiveWindow window = base.at(startMicros);
    latest = window;
    return window;
  }

  private LiveWindow lateAt(Tier base, long startMicros) {
    if (base.late.size() >= rules.mostOpenWindows() && !base.late.containsKey(startMicros)) {
      closeAgain(base, base.late.firstEntry().getValue());
    }
    LiveWindow window = base.at(startMicros);
    window.addContributor(recordingLife);
    return window;
  }

  /** Closes the oldest windows when there are more than memory is meant for. */
  private void makeRoom(Tier base, long startMicros) {
    if (base.open.size() < 8) {
      return;
    }
    while (base.open.size() >= rules.mostOpenWindows() || weightOf(base) > rules.mostOpenWeight()) {
      long first = base.open.firstKey();
      if (first >= startMicros) {
        return;
      }
      forcedClosings++;
      closeUpTo(first + base.widthMicros);
    }
  }

  private static long weightOf(Tier base) {
    long weight = 0;
    for (LiveWindow window : base.open.values()) {
      weight += window.weight();
    }
    return weight;
  }

  /** Closes all windows that end by then, and what is late and waits for nobody. */
  void closeUpTo(long micros) {
    Tier base = tiers.get(0);
    // Asked for every batch, and nearly always too early: no division for that.
    if (micros < base.closedToMicros + base.widthMicros) {
      return;
    }
    long to = base.startOf(micros);
    long from = base.closedToMicros;
    if (to > from) {
      closeBase(base, to);
      closeWider(to);
      spans.close(from, to);
      forgetOld();
    }
  }

  /** Closes again what is late and waits for nobody. */
  void closeLate() {
    if (tiers.get(0).late.isEmpty()) {
      return;
    }
    for (Tier tier : tiers) {
      List<LiveWindow> ready = new ArrayList<>();
      for (LiveWindow part : tier.late.values()) {
        if (tier.number > 0
            ? part.endMicros() <= tiers.get(0).closedToMicros
            : !publisher.holdsUp(part)) {
          ready.add(part);
        }
      }
      ready.forEach(part -> closeAgain(tier, part));
    }
    forgetOld();
  }

  /** Closes everything, the run being over. */
  void closeAll() {
    Tier base = tiers.get(0);
    if (!base.open.isEmpty()) {
      closeUpTo(base.open.lastKey() + base.widthMicros);
    }
    for (Tier tier : tiers) {
      new ArrayList<>(tier.late.values()).forEach(part -> closeAgain(tier, part));
      for (LiveWindow window = tier.takeOpenEndingBy(Long.MAX_VALUE);
          window != null;
          window = tier.takeOpenEndingBy(Long.MAX_VALUE)) {
        closeFirst(tier, window);
        tier.closedToMicros = window.endMicros();
      }
    }
    spans.closeLast(base.closedToMicros);
    checkpoint.demand();
  }

  private void closeBase(Tier base, long to) {
    long from = base.closedToMicros;
    long spans = from == Tier.NEVER ? Long.MAX_VALUE : (to - from) / base.widthMicros;
    base.closedToMicros = to;
    if (spans > MOST_EMPTY_WINDOWS) {
      for (LiveWindow window = base.takeOpenEndingBy(to);
          window != null;
          window = base.takeOpenEndingBy(to)) {
        closeFirst(base, window);
      }
      return;
    }
    for (long start = from; start < to; start += base.widthMicros) {
      LiveWindow window = base.open.remove(start);
      closeFirst(base, window == null ? base.create(start, false) : window);
    }
  }

  private void closeWider(long to) {
    for (Tier tier : tiers.subList(1, tiers.size())) {
      for (LiveWindow window = tier.takeOpenEndingBy(to);
          window != null;
          window = tier.takeOpenEndingBy(to)) {
        closeFirst(tier, window);
      }
      tier.closedToMicros = Math.max(tier.closedToMicros, tier.startOf(to));
    }
  }

  private void closeFirst(Tier tier, LiveWindow window) {
    if (tier.number == 0) {
      latest = null;
      window.sumUp();
    }
    publisher.noteHealth(window);
    WindowFacts facts = publisher.facts(window, false);
    LiveWindow wider = widerAround(tier, window);
    ChunkedValue kept = new ChunkedValue();
    scratch.clear();
    window.writeHeader(scratch);
    for (int series = 0; series < window.seriesBound(); series++) {
      SeriesCell cell = window.cellOrNull(series);
      if (cell != null) {
        // All that a series is needed for at once, while it is in order and in the cache.
        publisher.publish(facts, window, series, cell, cell.nextRevision());
        LiveWindow.writeCell(series, cell, scratch, errors);
        kept.takeFrom(scratch);
        wider.addCell(series, cell);
      }
    }
    wider.addHealth(window);
    keep(tier, window, kept);
    state.delete(key.of(StateKey.OPEN, tier.number, window.startMicros()));
    checkpoint.forget(tier, window.startMicros());
    window.recycle();
  }

  private void closeAgain(Tier tier, LiveWindow part) {
    long start = part.startMicros();
    if (tier.number == 0) {
      part.sumUp();
      part.markLate();
    }
    tier.late.remove(start);
    if (start >= tier.reopenFromMicros) {
      revise(tier, part);
      spans.correct(tier, start, tiers.get(0).closedToMicros);
    } else {
      supplements++;
      publishTouched(part, part, true);
    }
    widerAround(tier, part).addAll(part);
    checkpoint.demand();
    state.delete(key.of(StateKey.LATE, tier.number, start));
    part.recycle();
  }

  private void revise(Tier tier, LiveWindow part) {
    LiveWindow window = tier.create(part.startMicros(), false);
    byte[] kept = state.get(key.of(StateKey.CLOSED, tier.number, part.startMicros()));
    if (kept != null) {
      window.readFrom(new ByteReader(kept), errors);
    } else {
      publisher.noteHealth(window);
    }
    window.addAll(part);
    publishTouched(window, part, false);
    keep(tier, window, inChunks(window));
    window.recycle();
  }

  /** Publishes those series of a window of which a part has something. */
  private void publishTouched(LiveWindow window, LiveWindow part, boolean supplement) {
    WindowFacts facts = publisher.facts(window, supplement);
    for (int series = 0; series < part.seriesBound(); series++) {
      if (part.cellOrNull(series) != null) {
        SeriesCell cell = window.cell(series);
        int revision = supplement ? supplements : cell.nextRevision();
        publisher.publish(facts, window, series, cell, revision);
      }
    }
  }

  /** Keeps a closed window's state for as long as the window may be re-opened. */
  private void keep(Tier tier, LiveWindow window, ChunkedValue value) {
    state.put(key.of(StateKey.CLOSED, tier.number, window.startMicros()), value, scratch);
    tier.kept.put(window.startMicros(), window.weight());
  }

  /** All of a window as state, of which the rest is in {@link #scratch}. */
  private ChunkedValue inChunks(LiveWindow window) {
    ChunkedValue value = new ChunkedValue();
    scratch.clear();
    window.writeTo(scratch, errors, () -> value.takeFrom(scratch));
    return value;
  }

  /** The wider window around one, or the total: what a window is added to when it closes. */
  private LiveWindow widerAround(Tier tier, LiveWindow window) {
    if (tier.number + 1 == tiers.size()) {
      return total;
    }
    LiveWindow wider = tiers.get(tier.number + 1).at(window.startMicros());
    if (wider.isLate()) {
      checkpoint.demand();
    }
    return wider;
  }

  /** Gives up re-opening windows that are too old, or too much together. */
  private void forgetOld() {
    long horizon = tiers.get(0).closedToMicros - rules.reopenMicros();
    long weight = 0;
    for (Tier tier : tiers) {
      tier.reopenFromMicros = Math.max(tier.reopenFromMicros, horizon - tier.widthMicros + 1);
      for (long one : tier.kept.tailMap(tier.reopenFromMicros, true).values()) {
        weight += one;
      }
    }
    // The widest first: samples are seldom so late that their wide windows have closed as well.
    for (int i = tiers.size() - 1; i >= 0; i--) {
      Tier tier = tiers.get(i);
      for (Map.Entry<Long, Long> oldest = tier.kept.ceilingEntry(tier.reopenFromMicros);
          weight > rules.mostRetainedWeight() && oldest != null;
          oldest = tier.kept.ceilingEntry(tier.reopenFromMicros)) {
        tier.reopenFromMicros = oldest.getKey() + tier.widthMicros;
        weight -= oldest.getValue();
      }
    }
    for (Tier tier : tiers) {
      forgetKept(tier, checkpoint.neededFrom(tier));
    }
  }

  private void forgetKept(Tier tier, long neededFromMicros) {
    long before = Math.min(tier.reopenFromMicros, neededFromMicros);
    while (!tier.kept.isEmpty() && tier.kept.firstKey() < before) {
      long start = tier.kept.pollFirstEntry().getKey();
      state.delete(key.of(StateKey.CLOSED, tier.number, start));
    }
  }

  /** All that closed, added up. */
  LiveWindow total() {
    return total;
  }

  /** The start of the first window. */
  long firstStartMicros() {
    return firstStartMicros;
  }

  /** All base windows that end by then have closed. */
  long closedToMicros() {
    return tiers.get(0).closedToMicros;
  }

  int openCount() {
    return tiers.get(0).open.size();
  }

  /** Windows that were closed before all nodes had passed them, for want of memory. */
  int forcedClosings() {
    return forcedClosings;
  }

  long retainedBytes() {
    long bytes = total.retainedBytes();
    for (Tier tier : tiers) {
      for (LiveWindow window : tier.open.values()) {
        bytes += window.retainedBytes();
      }
      for (LiveWindow window : tier.late.values()) {
        bytes += window.retainedBytes();
      }
    }
    return bytes;
  }

  void recycle() {
    for (Tier tier : tiers) {
      tier.open.values().forEach(LiveWindow::recycle);
      tier.late.values().forEach(LiveWindow::recycle);
    }
    total.recycle();
  }

  void save(ByteWriter header) {
    saveChanged(StateKey.OPEN, tiers.get(0), tiers.get(0).open);
    for (Tier tier : tiers) {
      saveChanged(StateKey.LATE, tier, tier.late);
    }
    checkpoint.saveIfDue();
    header.writeLong(firstStartMicros);
    header.writeUnsigned(supplements);
    header.writeUnsigned(forcedClosings);
    checkpoint.writeTo(header);
    for (Tier tier : tiers) {
      header.writeLong(tier.closedToMicros);
      header.writeLong(tier.reopenFromMicros);
      header.writeUnsigned(tier.kept.size());
      tier.kept.forEach(
          (start, weight) -> {
            header.writeLong(start);
            header.writeUnsigned(weight);
          });
    }
  }

  private void saveChanged(byte kind, Tier tier, Map<Long, LiveWindow> windows) {
    for (LiveWindow window : windows.values()) {
      if (window.isDirty()) {
        state.put(key.of(kind, tier.number, window.startMicros()), inChunks(window), scratch);
        window.saved();
      }
    }
  }

  void load(ByteReader header) {
    firstStartMicros = header.readLong();
    supplements = (int) header.readUnsigned();
    forcedClosings = (int) header.readUnsigned();
    checkpoint.readFrom(header);
    for (Tier tier : tiers) {
      tier.closedToMicros = header.readLong();
      tier.reopenFromMicros = header.readLong();
      for (long rest = header.readUnsigned(); rest > 0; rest--) {
        long start = header.readLong();
        tier.kept.put(start, header.readUnsigned());
      }
    }
    loadInto(StateKey.OPEN);
    loadInto(StateKey.LATE);
    loadInto(StateKey.SUMMED);
    byte[] bytes = state.get(key.of(StateKey.TOTAL));
    if (bytes != null) {
      total.readFrom(new ByteReader(bytes), errors);
    }
    checkpoint.addSince();
  }

  private void loadInto(byte kind) {
    state.scanStored(
        key.kind(kind),
        (entry, bytes) -> {
          Tier tier = tiers.get(key.tier(entry));
          long start = key.number(entry);
          LiveWindow window = tier.create(start, kind == StateKey.LATE);
          window.readFrom(new ByteReader(bytes), errors);
          (window.isLate() ? tier.late : tier.open).put(start, window);
        });
  }

  /** Requests that were counted under the common name for want of room. */
  long overflowRequests() {
    SeriesCell other = total.cellOrNull(SeriesTable.OTHER);
    return other == null ? 0 : other.requests();
  }
}
