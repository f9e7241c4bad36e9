package io.tailrace.aggregator.sla;

import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.objective.Rule;
import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.RunCommand;
import io.tailrace.record.Series;
import io.tailrace.record.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A judge with everything around it that a test looks at. */
final class Court implements Consequences, RunJudge.Blocks {
  static final Series RUN = new Series("*", "", "", Map.of());
  static final long BASE_MICROS = 1_000_000;
  static final RunIdentity IDENTITY =
      new RunIdentity("run-1", "shop", "staging", "1.2", Map.of("team", "a"), true);

  final List<Violation> violations = new ArrayList<>();
  final List<RunCommand> commands = new ArrayList<>();
  private final Map<String, byte[]> blocks = new HashMap<>();
  private final boolean restarting;
  private final List<Series> series = new ArrayList<>();
  private final List<Objective> objectives;
  private RunJudge judge;

  /**
   * @param restarting whether the judge is saved, thrown away and loaded before every window
   */
  Court(boolean restarting, Stream<Rule> rules) {
    this.restarting = restarting;
    objectives = rules.map(Rule::toRecord).toList();
    judge = RunJudge.pin(IDENTITY, objectives, BASE_MICROS);
  }

  Court(String... rules) {
    this(false, Stream.of(rules).map(Rule::parse));
  }

  void see(WindowView view) {
    see(0, RUN, view);
  }

  void see(int number, Series one, WindowView view) {
    know(number, one);
    judge.judge(number, one, view, this);
  }

  void seeTotal(WindowView view) {
    know(0, RUN);
    judge.judgeTotal(0, RUN, view, this);
  }

  void end(long second) {
    restart();
    judge.end(second * 1_000_000, this);
  }

  private void know(int number, Series one) {
    if (number == series.size()) {
      series.add(one);
    }
    restart();
  }

  private void restart() {
    if (restarting) {
      judge.save(this);
      judge =
          Objects.requireNonNull(RunJudge.load(IDENTITY, objectives, BASE_MICROS, series, this));
    }
  }

  List<ObjectiveResult> results() {
    return judge.results();
  }

  ObjectiveResult result() {
    return judge.results().get(0);
  }

  RunJudge judge() {
    return judge;
  }

  /** The records so far, in short: state, episode, sequence, when. */
  List<String> story() {
    return violations.stream()
        .map(
            v ->
                v.getState()
                    + " "
                    + v.getEpisode()
                    + "."
                    + v.getSequence()
                    + " @"
                    + v.getAtMicros() / 1_000_000)
        .toList();
  }

  @Override
  public void violation(Violation violation) {
    violations.add(violation);
  }

  @Override
  public void command(RunCommand command) {
    commands.add(command);
  }

  @Override
  public void put(int part, long number, ByteWriter block) {
    blocks.put(part + "/" + number, block.toByteArray());
  }

  @Override
  public byte @Nullable [] get(int part, long number) {
    return blocks.get(part + "/" + number);
  }

  int savedBytes() {
    return blocks.values().stream().mapToInt(b -> b.length).sum();
  }
}
