package io.tailrace.aggregator.run;

import io.tailrace.aggregator.sla.Consequences;
import io.tailrace.aggregator.sla.RunIdentity;
import io.tailrace.aggregator.sla.RunJudge;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.aggregator.window.CellTimes;
import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.aggregator.window.SeriesCell;
import io.tailrace.aggregator.window.SeriesTable;
import io.tailrace.aggregator.window.WindowFacts;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.record.Series;
import io.tailrace.record.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The objectives of one run: ties their judge to the run's windows, its state and its output. */
final class Objectives implements Consequences, RunJudge.Blocks {
  private final RunRecord record;
  private final RunRules rules;
  private final Outbox outbox;
  private final StagedState state;
  private final StateKey key;
  private final SeriesTable series;
  private @Nullable RunJudge judge;
  private NavigableSet<Long> ownWidths = new TreeSet<>();

  Objectives(
      RunRecord record, Workshop workshop, StagedState state, StateKey key, SeriesTable series) {
    this.record = record;
    this.rules = workshop.rules();
    this.outbox = workshop.outbox();
    this.state = state;
    this.key = key;
    this.series = series;
  }

  /** Judges the described objectives from here on. */
  void pin(RunDescription description) {
    if (!description.getObjectives().isEmpty()) {
      begin(RunJudge.pin(identity(description), description.getObjectives(), rules.baseMicros()));
    }
  }

  /** Takes up what was saved. */
  void load() {
    RunDescription description = record.description;
    if (description == null || description.getObjectives().isEmpty()) {
      return;
    }
    List<Series> known = new ArrayList<>();
    for (int number = 0; number < series.size(); number++) {
      known.add(series.series(number));
    }
    RunJudge saved =
        RunJudge.load(
            identity(description), description.getObjectives(), rules.baseMicros(), known, this);
    if (saved != null) {
      begin(saved);
    }
  }

  private void begin(RunJudge begun) {
    judge = begun;
    ownWidths = begun.windowsMicros();
    rules.widthsMicros().forEach(ownWidths::remove);
  }

  private RunIdentity identity(RunDescription description) {
    return new RunIdentity(
        record.id,
        description.getTestName(),
        description.getEnvironment(),
        description.getVersion(),
        description.getTags(),
        description.getMode() == RunMode.LIVE);
  }

  /** Widths of windows that objectives are judged over and that are not published. */
  NavigableSet<Long> ownWidthsMicros() {
    return ownWidths;
  }

  /** Judges one series of a window that has closed. */
  void judge(
      WindowFacts facts,
      LiveWindow window,
      int number,
      SeriesCell cell,
      CellTimes times,
      int revision) {
    RunJudge judge = this.judge;
    if (judge == null) {
      return;
    }
    judge.startAt(record.reportedStartMicros());
    ClosedCell closed = new ClosedCell(facts, window, cell, times, revision);
    if (facts.total()) {
      judge.judgeTotal(number, series.series(number), closed, this);
    } else {
      judge.judge(number, series.series(number), closed, this);
    }
  }

  /** Closes all episodes: the run is over. */
  void end() {
    if (judge != null) {
      judge.end(record.endMicros, this);
    }
  }

  List<ObjectiveResult> results() {
    return judge == null ? List.of() : judge.results();
  }

  void save() {
    if (judge != null) {
      judge.save(this);
    }
  }

  @Override
  public void violation(Violation violation) {
    outbox.violation(violation);
  }

  @Override
  public void command(RunCommand command) {
    outbox.command(command);
  }

  @Override
  public void put(int part, long number, ByteWriter block) {
    state.put(key.of(StateKey.OBJECTIVES, part, number), block);
  }

  @Override
  public byte @Nullable [] get(int part, long number) {
    return state.get(key.of(StateKey.OBJECTIVES, part, number));
  }
}
