package io.tailrace.aggregator.run;

import io.tailrace.aggregator.sla.Pinned;
import io.tailrace.aggregator.window.AggregateEncoder;
import io.tailrace.aggregator.window.BatchRecorder;
import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.aggregator.window.CellTimes;
import io.tailrace.aggregator.window.ErrorTable;
import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.aggregator.window.SeriesCell;
import io.tailrace.aggregator.window.SeriesTable;
import io.tailrace.aggregator.window.WindowFacts;
import io.tailrace.record.NodeHealth;
import io.tailrace.record.NodeLeft;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunEventKind;
import io.tailrace.wire.SampleBatchReader;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** One run: takes its batches in the order of the log and says what they come to. */
public final class Run implements Publisher {
  /** There is nothing to wait for. */
  static final long NO_DEADLINE = Long.MAX_VALUE;

  // Clocks that count in milliseconds round the moment of sending down.
  private static final long SENT_TOLERANCE_MICROS = 1_000;

  private final String id;
  private final Workshop workshop;
  private final RunRules rules;
  private final StateKey key;
  private final StagedState state;
  private final SeriesTable series;
  private final ErrorTable errors = new ErrorTable();
  private final Windows windows;
  private final Fleet fleet;
  private final RunRecord record;
  private final Objectives objectives;
  private byte[] identity;
  private int savedSeries;

  private Run(String id, Workshop workshop, StagedState state, RunRecord record, Fleet fleet) {
    this.id = id;
    this.workshop = workshop;
    this.rules = workshop.rules();
    this.state = state;
    this.record = record;
    this.fleet = fleet;
    key = new StateKey(id);
    series = new SeriesTable(rules.mostSeries());
    objectives = new Objectives(record, workshop, state, key, series);
    windows = new Windows(rules, workshop.pages(), errors, this, state, key);
    identity = AggregateEncoder.identity(id, record.description);
  }

  /** A run of which the first batch is at hand. */
  static Run open(
      String id, Workshop workshop, StagedState state, SampleBatchReader batch, long appendMicros) {
    RunRecord record = new RunRecord(id);
    record.start(batch, appendMicros, workshop.rules());
    Run run = new Run(id, workshop, state, record, new Fleet(workshop.rules(), appendMicros));
    run.describe(batch.joined());
    run.report(RunEventKind.STARTED, null, appendMicros, "run " + id + " started");
    return run;
  }

  /** Takes the next batch of the run. */
  void accept(SampleBatchReader batch, long appendMicros) {
    NodeLife life = fleet.find(batch.node(), batch.epochMicros());
    boolean isNew = life == null;
    if (life == null) {
      reopen(batch.node(), appendMicros);
      life = openLife(batch, appendMicros);
    }
    if (!life.batches.take(batch.sequence())) {
      life.duplicates++;
      record.dirty = true;
      workshop.counters().duplicateBatches().increment();
      return;
    }
    if (!isNew) {
      reopen(batch.node(), appendMicros);
    }
    if (fleet.hear(life, appendMicros)) {
      report(RunEventKind.NODE_RETURNED, life.node, appendMicros, life.node + " is back");
    }
    if (batch.joined() != null && !isNew) {
      join(life, batch.joined());
    }
    life.noteSent(batch.sentMicros() + life.skewMicros, appendMicros);
    count(life, batch);
    NodeLeft left = batch.left();
    if (left != null && life.left == null) {
      leave(life, left, batch, appendMicros);
    }
    settle(appendMicros);
  }

  /** Lets the log's time pass; what it decides is decided by records alone. */
  void pass(long nowMicros) {
    if (!record.ended && nowMicros >= fleet.deadlineMicros()) {
      record.dirty = true;
      settle(nowMicros);
    }
  }

  /** Notes that a batch of the run could not be read. */
  void quarantine() {
    record.unreadBatches++;
    record.dirty = true;
  }

  /** Whether another node's life can be taken in. */
  boolean hasRoomFor(String node, long epochMicros) {
    return !fleet.isFull() || fleet.find(node, epochMicros) != null;
  }

  /** When the run next has something to decide, by the log's time. */
  long deadlineMicros() {
    return record.ended ? NO_DEADLINE : fleet.deadlineMicros();
  }

  boolean isEnded() {
    return record.ended;
  }

  long endedMicros() {
    return record.endedMicros;
  }

  private NodeLife openLife(SampleBatchReader batch, long appendMicros) {
    NodeLife life = fleet.open(batch.node(), batch.epochMicros());
    life.lastAppendMicros = appendMicros;
    RunDescription joined = batch.joined();
    if (joined != null) {
      join(life, joined);
    }
    if (record.checksClocks()) {
      life.skewMicros = rules.correctionMicros(appendMicros, batch.sentMicros());
    }
    fleet.watch();
    String how = joined == null ? " spoke without having joined" : " joined";
    report(RunEventKind.NODE_JOINED, life.node, appendMicros, life.node + how);
    return life;
  }

  private void join(NodeLife life, RunDescription joined) {
    life.joined = true;
    describe(joined);
    fleet.expect(joined.getExpectedNodes());
  }

  private void describe(@Nullable RunDescription raw) {
    if (raw == null || record.description != null) {
      return;
    }
    RunDescription description = Described.bounded(raw);
    boolean wasKnown = fleet.nodesJoined() > 0;
    Pinned pinned = Pinned.of(description, workshop.ruleSets().get());
    objectives.pin(record.describe(description, pinned));
    identity = AggregateEncoder.identity(id, description);
    if (wasKnown) {
      report(RunEventKind.STARTED, null, record.lastAppendMicros, "run " + id + " was described");
    }
  }

  /** A batch of a run that had ended: it goes on, and its summary will be corrected. */
  private void reopen(String node, long appendMicros) {
    record.lastAppendMicros = appendMicros;
    if (!record.ended) {
      return;
    }
    record.ended = false;
    record.reopenings++;
    record.summaryRevision++;
    workshop.outbox().eraseEvent(record.eventKey(RunEventKind.ENDED, null));
    workshop.counters().reopenedRuns().increment();
    record.addReason(node + " published after the run had ended");
  }

  private void count(NodeLife life, SampleBatchReader batch) {
    long samples = batch.sampleCount();
    long before = life.published;
    life.published = Math.max(before, batch.publishedBefore() + samples);
    attributeGap(life, batch.publishedBefore() - before);
    boolean live = record.checksClocks();
    windows.recordFor(life.number);
    BatchRecorder recorder = workshop.recorder();
    recorder.record(
        batch,
        series,
        errors,
        windows,
        rules.baseMicros(),
        life.skewMicros,
        record.earliestMicros(rules),
        live ? batch.sentMicros() + life.skewMicros + SENT_TOLERANCE_MICROS : RunRecord.LATEST);
    long rejected = recorder.rejectedAfterSending() + recorder.rejectedBeforeRun();
    life.counted += recorder.counted();
    life.late += recorder.late();
    life.rejected += rejected;
    record.noteSamples(recorder.firstMicros(), recorder.lastMicros());
    workshop.tally().count(recorder.counted(), recorder.late(), rejected);

    long watermark = batch.watermarkMicros() + life.skewMicros;
    if (live) {
      watermark = Math.min(watermark, batch.sentMicros() + life.skewMicros);
    }
    fleet.promise(life, Math.min(watermark, RunRecord.LATEST));
    NodeHealth health = batch.health();
    if (health != null) {
      long at = live ? batch.sentMicros() + life.skewMicros : watermark;
      life.noteHealth(at, rules.baseMicros(), health);
    }
    boolean dropped = batch.droppedSamples() > life.dropped;
    life.dropped = Math.max(life.dropped, batch.droppedSamples());
    if (dropped || rejected > 0 || life.published > before + samples) {
      record.noteIncomplete(Math.max(watermark, recorder.lastMicros()));
    }
    record.dirty = true;
  }

  /** Samples between two batches that came are in the dead letters as far as those explain them. */
  private void attributeGap(NodeLife life, long samples) {
    long unexplained = life.gaps();
    if (unexplained == 0 || record.unreadBatches == 0) {
      return;
    }
    long explained = Math.min(unexplained, record.unreadBatches);
    record.unreadBatches -= explained;
    life.quarantinedBatches += explained;
    if (explained == unexplained) {
      life.quarantined += Math.max(0, samples);
    }
  }

  private void leave(NodeLife life, NodeLeft left, SampleBatchReader batch, long appendMicros) {
    life.left = left.getReason();
    life.leftMessage = left.getMessage();
    life.leftMicros =
        record.checksClocks() ? batch.sentMicros() + life.skewMicros : batch.watermarkMicros();
    fleet.leave();
    String why = left.getReason() + (left.getMessage().isEmpty() ? "" : ": " + left.getMessage());
    report(RunEventKind.NODE_LEFT, life.node, appendMicros, life.node + " left, " + why);
  }

  /** Decides all that can be decided now. */
  private void settle(long nowMicros) {
    record.lastAppendMicros = nowMicros;
    fleet.judge(nowMicros, life -> onSilent(life, nowMicros), () -> onMissing(nowMicros));
    long promised = fleet.promisedMicros();
    if (promised == Fleet.WAIT) {
      return;
    }
    if (promised == Fleet.NOBODY) {
      end(nowMicros);
      return;
    }
    windows.closeUpTo(promised);
    windows.closeLate();
  }

  private void onSilent(NodeLife life, long nowMicros) {
    record.dirty = true;
    record.noteIncomplete(Math.max(life.watermarkMicros, windows.closedToMicros()));
    report(
        RunEventKind.NODE_SILENT,
        life.node,
        nowMicros,
        life.node + " has said nothing for " + rules.silentAfterMicros() / 1_000_000 + " s");
  }

  private void onMissing(long nowMicros) {
    record.dirty = true;
    report(
        RunEventKind.NODE_MISSING,
        null,
        nowMicros,
        "%d of %d expected nodes joined within %d s"
            .formatted(fleet.nodesJoined(), fleet.nodesExpected(), rules.holdMicros() / 1_000_000));
  }

  private void end(long nowMicros) {
    record.end(nowMicros, fleet);
    windows.closeAll();
    publishTotals();
    objectives.end();
    report(RunEventKind.ENDED, null, nowMicros, "run " + id + " ended");
    workshop
        .outbox()
        .summary(
            new Summary(rules, record, fleet, windows, series, objectives.results()).toRecord());
  }

  private void publishTotals() {
    LiveWindow total = windows.total();
    if (windows.firstStartMicros() == Long.MAX_VALUE) {
      return;
    }
    long start = windows.firstStartMicros();
    WindowFacts facts =
        new WindowFacts(
            start,
            Math.max(rules.baseMicros(), windows.closedToMicros() - start),
            true,
            false,
            fleet.nodesPast(windows.closedToMicros()),
            fleet.nodesExpected(),
            Summary.isComplete(record, fleet),
            record.coveredMicros(start, windows.closedToMicros() - start, rules.baseMicros()));
    for (int number = 0; number < total.seriesBound(); number++) {
      SeriesCell cell = total.cellOrNull(number);
      if (cell != null) {
        publish(facts, total, number, cell, record.summaryRevision);
      }
    }
  }

  @Override
  public void publish(
      WindowFacts facts, LiveWindow window, int number, SeriesCell cell, int revision) {
    // Judged on what was just added up and put in order for its bytes.
    try (CellTimes times = cell.times()) {
      send(facts, window, number, cell, times, revision);
      if (!facts.supplement()) {
        objectives.judge(facts, window, number, cell, times, revision);
      }
    }
  }

  @Override
  public void judge(
      WindowFacts facts, LiveWindow window, int number, SeriesCell cell, int revision) {
    try (CellTimes times = cell.times()) {
      objectives.judge(facts, window, number, cell, times, revision);
    }
  }

  @Override
  public void noteUnjudged(long widthMicros) {
    record.addReason(
        "windows of %d s were not judged: their parts took too much memory"
            .formatted(widthMicros / 1_000_000));
  }

  @Override
  public NavigableSet<Long> judgedWidthsMicros() {
    return objectives.ownWidthsMicros();
  }

  @Override
  public WindowFacts facts(LiveWindow window, boolean supplement) {
    int reported = fleet.nodesPast(window.endMicros());
    return new WindowFacts(
        window.startMicros(),
        window.widthMicros(),
        false,
        supplement,
        reported,
        fleet.nodesExpected(),
        reported >= fleet.nodesExpected() && record.isCompleteFrom(window.startMicros()),
        record.coveredMicros(window.startMicros(), window.widthMicros(), rules.baseMicros()));
  }

  private void send(
      WindowFacts facts,
      LiveWindow window,
      int number,
      SeriesCell cell,
      CellTimes times,
      int revision) {
    byte[] value =
        workshop
            .encoder()
            .encode(identity, series.encoded(number), facts, window, cell, times, revision, errors);
    workshop
        .outbox()
        .window(id, facts.total() ? 0 : facts.startMicros() + facts.widthMicros(), value);
  }

  @Override
  public void noteHealth(LiveWindow window) {
    fleet.noteHealth(window);
  }

  @Override
  public boolean holdsUp(LiveWindow late) {
    return fleet.holdsUp(late);
  }

  private void report(RunEventKind kind, @Nullable String node, long atMicros, String message) {
    record.dirty = true;
    workshop
        .outbox()
        .event(record.eventKey(kind, node), record.event(kind, node, atMicros, fleet, message));
  }

  /** Writes what changed since the last time. */
  void save() {
    if (!record.dirty) {
      return;
    }
    fleet.forgetHealthBefore(windows.closedToMicros());
    for (int from = savedSeries / 64 * 64; savedSeries < series.size(); from += 64) {
      ByteWriter block = new ByteWriter(4096);
      int to = Math.min(series.size(), from + 64);
      series.writeTo(block, Math.max(from, 2), to);
      if (block.size() > 0) {
        state.put(key.of(StateKey.SERIES, 0, from / 64), block);
      }
      savedSeries = to;
    }
    fleet.save(state, key);
    ByteWriter header = new ByteWriter(1024);
    record.writeTo(header);
    record.saveDescription(state, key);
    fleet.writeTo(header);
    windows.save(header);
    objectives.save();
    state.put(key.of(StateKey.HEADER), header);
    record.dirty = false;
  }

  /** A run as it was saved, or null when nothing is known of it. */
  static @Nullable Run load(String id, Workshop workshop, StagedState state) {
    StateKey key = new StateKey(id);
    byte[] bytes = state.get(key.of(StateKey.HEADER));
    if (bytes == null) {
      return null;
    }
    ByteReader header = new ByteReader(bytes);
    RunRecord record = RunRecord.load(id, header, state, key);
    Run run =
        new Run(id, workshop, state, record, Fleet.load(workshop.rules(), header, state, key));
    for (int block = 0; ; block++) {
      byte[] names = state.get(key.of(StateKey.SERIES, 0, block));
      if (names == null) {
        break;
      }
      run.series.readFrom(new ByteReader(names));
    }
    run.savedSeries = run.series.size();
    run.objectives.load();
    run.windows.load(header);
    return run;
  }

  /** Removes all state of the run. */
  void forget() {
    state.deleteAll(key.run());
  }

  /** Gives the heap back; the run is not to be used again. */
  void recycle() {
    windows.recycle();
  }

  public long retainedBytes() {
    return windows.retainedBytes();
  }

  public int openWindows() {
    return windows.openCount();
  }

  /** Whether series were turned away for want of room. */
  boolean isOverflowing() {
    return series.isOverflowing();
  }
}
