package io.tailrace.aggregator.sla;

import io.tailrace.objective.Rule;
import io.tailrace.objective.SeriesSelector;
import io.tailrace.objective.Times;
import io.tailrace.record.CommandKind;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.RunCommand;
import io.tailrace.record.Series;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;

/** Says what becomes of episodes, and stops the fleet when an objective asks for that. */
final class Episodes {
  private final RunIdentity identity;
  private Consequences consequences = NOBODY;
  private long startMicros;
  private boolean aborted;

  private static final Consequences NOBODY =
      new Consequences() {
        @Override
        public void violation(Violation violation) {
          throw new IllegalStateException("nobody listens to " + violation.getMessage());
        }

        @Override
        public void command(RunCommand command) {
          throw new IllegalStateException("nobody listens to " + command.getReason());
        }
      };

  Episodes(RunIdentity identity) {
    this.identity = identity;
  }

  void tell(Consequences listener) {
    consequences = listener;
  }

  void startAt(long micros) {
    startMicros = micros;
  }

  /** When the run started: what ignored time is counted from. */
  long startMicros() {
    return startMicros;
  }

  /** Whether the fleet has been told to stop. */
  boolean hasAborted() {
    return aborted;
  }

  void setAborted(boolean was) {
    aborted = was;
  }

  /** Takes one judged window of one rule and series. */
  void follow(
      Watch watch,
      PinnedRule pinned,
      Rule rule,
      Series series,
      WindowView view,
      boolean broken,
      double value) {
    Watch.Change change = watch.judge(rule, view.windowStartMicros(), broken, value);
    String corrected = view.revision() > 0 ? ", after a correction of that window" : "";
    Finding finding =
        new Finding(
            watch, pinned, rule, series, value, end(view), view.requests(), view.complete());
    switch (change) {
      case NONE -> {}
      case OPENED -> open(finding, watch.brokenSinceMicros(), corrected);
      case WORSE -> worse(finding);
      case RESOLVED -> resolve(finding, "holds again" + corrected);
      case RETRACTED -> retract(finding);
      case OPENED_AND_RESOLVED -> {
        open(finding, view.windowStartMicros(), corrected);
        resolve(finding, "holds again since");
      }
    }
  }

  /** Takes what a rule over the whole run came to in the end. */
  void conclude(
      Watch watch,
      PinnedRule pinned,
      Rule rule,
      Series series,
      WindowView total,
      boolean broken,
      double value) {
    Finding finding =
        new Finding(
            watch, pinned, rule, series, value, end(total), total.requests(), total.complete());
    if (!watch.isOpen() && broken) {
      watch.worst = value;
      watch.episodeWindows = 1;
      watch.brokenWindows = 1;
      watch.force(true, total.windowStartMicros());
      open(finding, total.windowStartMicros(), "");
    } else if (watch.isOpen() && !broken) {
      watch.brokenWindows = 0;
      watch.force(false, 0);
      retract(finding);
    } else if (broken && watch.isWorseByStep(rule, value)) {
      watch.worst = value;
      worse(finding);
    }
  }

  /** Closes an episode because there will be no more windows. */
  void cutShort(Watch watch, PinnedRule pinned, Rule rule, Series series, long endMicros) {
    watch.force(false, 0);
    resolve(
        new Finding(watch, pinned, rule, series, watch.reported, endMicros, 0, true),
        "the run ended before it held again");
  }

  private static long end(WindowView view) {
    return view.windowStartMicros() + view.windowMicros();
  }

  /** What one record is made from. */
  private record Finding(
      Watch watch,
      PinnedRule pinned,
      Rule rule,
      Series series,
      double value,
      long atMicros,
      long requests,
      boolean complete) {}

  private void open(Finding finding, long sinceMicros, String note) {
    Watch watch = finding.watch;
    watch.episodes++;
    watch.sequence = 0;
    watch.episodeSinceMicros = sinceMicros;
    if (watch.standing() == 1) {
      watch.firstFailedMicros = finding.atMicros;
    }
    String message = describe(finding, "is " + shown(finding, finding.value)) + note;
    say(finding, ViolationState.OPENED, message);
    if (finding.rule.action() == ObjectiveAction.ABORT && identity.live() && !aborted) {
      aborted = true;
      consequences.command(
          RunCommand.newBuilder()
              .setRun(identity.run())
              .setKind(CommandKind.ABORT)
              .setNode(null)
              .setNodesExpected(0)
              .setAtMicros(finding.atMicros)
              .setBy("objective " + finding.rule.name())
              .setReason(message)
              .build());
    }
  }

  private void worse(Finding finding) {
    String message = describe(finding, "is worse: " + shown(finding, finding.value));
    say(finding, ViolationState.UPDATED, message);
  }

  private void resolve(Finding finding, String why) {
    String message = describe(finding, "was " + shown(finding, finding.watch.worst) + " at worst");
    say(finding, ViolationState.RESOLVED, message + "; " + why);
  }

  private void retract(Finding finding) {
    finding.watch.retracted++;
    String message =
        describe(finding, "is " + shown(finding, finding.value))
            + " after late samples: episode "
            + finding.watch.episodes
            + " is taken back";
    say(finding, ViolationState.RESOLVED, message);
  }

  private void say(Finding finding, ViolationState state, String message) {
    Watch watch = finding.watch;
    watch.reported = finding.value;
    consequences.violation(
        Violation.newBuilder()
            .setId(
                ViolationId.of(identity.run(), finding.rule.name(), finding.series, watch.episodes))
            .setRun(identity.run())
            .setTestName(identity.testName())
            .setEnvironment(identity.environment())
            .setVersion(identity.version())
            .setTags(identity.tags())
            .setObjective(finding.pinned.objective)
            .setSeries(finding.series)
            .setEpisode(watch.episodes)
            .setState(state)
            .setSequence(watch.sequence++)
            .setMetric(finding.rule.condition().metric().name())
            .setActual(finding.value)
            .setThreshold(finding.rule.condition().threshold())
            .setWorst(watch.worst)
            .setUnit(finding.rule.condition().metric().unit().symbol())
            .setSinceMicros(watch.episodeSinceMicros)
            .setAtMicros(finding.atMicros)
            .setWindows(watch.episodeWindows)
            .setRequests(finding.requests)
            .setComplete(finding.complete)
            .setMessage(finding.complete ? message : message + " (incomplete window)")
            .build());
  }

  private static String shown(Finding finding, double value) {
    return finding.rule.condition().metric().unit().show(value);
  }

  private static String describe(Finding finding, String value) {
    Rule rule = finding.rule;
    String over = rule.isOverRun() ? "over the run" : "over " + Times.write(rule.overMicros());
    return "%s: %s of %s %s %s, expected %s"
        .formatted(
            rule.name(),
            rule.condition().metric().shortName(),
            label(finding.series),
            value,
            over,
            rule.condition());
  }

  static String label(Series series) {
    if (series.getName().equals(SeriesSelector.RUN_NAME)) {
      return "the run";
    }
    boolean named = series.getMethod().isEmpty() || series.getName().startsWith(series.getMethod());
    return named ? series.getName() : series.getMethod() + " " + series.getName();
  }
}
