package io.tailrace.aggregator.sla;

import static io.tailrace.aggregator.sla.SeenWindow.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.objective.Rule;
import io.tailrace.record.CommandKind;
import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunCommand;
import io.tailrace.record.Series;
import io.tailrace.record.Severity;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunJudgeTest {
  private static final Series CHECKOUT = new Series("/checkout", "POST", "", Map.of());

  /** One letter a second: b is broken (600 ms), h holds (100 ms), a dot is a second without. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          for 0s recover 0s, hhhh,         ''
          for 0s recover 0s, hb,           OPENED 1.0 @2
          for 0s recover 0s, bh,           OPENED 1.0 @1; RESOLVED 1.1 @2
          for 0s recover 0s, bhb,          OPENED 1.0 @1; RESOLVED 1.1 @2; OPENED 2.0 @3
          for 3s recover 0s, bbh,          ''
          for 3s recover 0s, bbb,          OPENED 1.0 @3
          for 3s recover 0s, bbhbb,        ''
          for 3s recover 0s, bb..b,        OPENED 1.0 @5
          for 3s recover 2s, bbbhbhhb,     OPENED 1.0 @3; RESOLVED 1.1 @7
          for 2s recover 2s, bbhhbb,       OPENED 1.0 @2; RESOLVED 1.1 @4; OPENED 2.0 @6
          for 0s recover 3s, bhhbhhhh,     OPENED 1.0 @1; RESOLVED 1.1 @7
          for 0s recover 3s, bh....h,      OPENED 1.0 @1; RESOLVED 1.1 @7
          ignore first 2s,   bbh,          ''
          ignore first 2s,   bbb,          OPENED 1.0 @3
          """)
  void followsTheCourseOfAnEpisode(String clauses, String windows, String story) {
    for (boolean restarting : new boolean[] {false, true}) {
      Court court = new Court(restarting, Stream.of(Rule.parse("p95 < 500ms over 1s " + clauses)));
      play(court, windows);
      assertThat(String.join("; ", court.story())).isEqualTo(story);
    }
  }

  @Test
  void opensAndClosesAtMostOncePerHoldTimeHoweverOftenAValueCrosses() {
    Court court = new Court("p95 < 500ms over 1s for 5s recover 5s");
    play(court, "bh".repeat(100));
    assertThat(court.violations).isEmpty();

    Court eager = new Court("p95 < 500ms over 1s for 0s recover 5s");
    play(eager, "bh".repeat(100) + "hhhhhhhh");
    assertThat(eager.story()).containsExactly("OPENED 1.0 @1", "RESOLVED 1.1 @204");

    Court slow = new Court("p95 < 500ms over 1s for 5s recover 5s");
    play(slow, "bbbbbbhhhhhh".repeat(100));
    assertThat(slow.violations).hasSize(200);
    long opened = -5_000_000;
    for (Violation violation : slow.violations) {
      assertThat(violation.getAtMicros() - opened).isGreaterThanOrEqualTo(5_000_000);
      opened = violation.getAtMicros();
    }
  }

  @Test
  void saysWhatWasBrokenByHowMuchAndSinceWhen() {
    Court court = new Court("p95 < 500ms over 10s for 20s severity critical");
    court.see(0, Court.RUN, at(0, 10, 400));
    court.see(1, CHECKOUT, at(0, 10, 900));
    court.see(0, Court.RUN, at(10, 10, 510));
    court.see(0, Court.RUN, at(20, 10, 620).incomplete());
    court.see(0, Court.RUN, at(30, 10, 700));
    court.see(0, Court.RUN, at(40, 10, 775));
    Violation opened = court.violations.get(0);
    assertThat(court.story()).containsExactly("OPENED 1.0 @30", "UPDATED 1.1 @50");
    assertThat(opened.getObjective().getSeverity()).isEqualTo(Severity.CRITICAL);
    assertThat(opened.getMetric()).isEqualTo("response_time_p95");
    assertThat(opened.getUnit()).isEqualTo("ms");
    assertThat(opened.getActual()).isEqualTo(620);
    assertThat(opened.getThreshold()).isEqualTo(500);
    assertThat(opened.getWorst()).isEqualTo(620);
    assertThat(opened.getSinceMicros()).isEqualTo(10_000_000);
    assertThat(opened.getWindows()).isEqualTo(2);
    assertThat(opened.getRequests()).isEqualTo(1_000);
    assertThat(opened.getComplete()).isFalse();
    assertThat(opened.getTags()).containsEntry("team", "a");
    assertThat(opened.getMessage())
        .contains("p95 of the run is 620 ms over 10s, expected p95 < 500ms")
        .contains("incomplete window");
    assertThat(court.violations.get(1).getWindows()).isEqualTo(4);
    ObjectiveResult result = court.result();
    assertThat(result.getStatus()).isEqualTo(ObjectiveStatus.FAILED);
    assertThat(result.getFirstFailedMicros()).isEqualTo(30_000_000);
    assertThat(result.getWorst()).isEqualTo(775);
    assertThat(result.getBrokenMicros()).isEqualTo(40_000_000);
  }

  @Test
  void reportsAWorseningByQuartersOnly() {
    Court court = new Court("p95 < 500ms over 1s");
    for (int second = 0; second < 1_000; second++) {
      court.see(at(second, 1, 501 + second * 5));
    }
    // 501 ms to 5,496 ms is ten and three quarters steps of a quarter.
    assertThat(court.violations).hasSize(11);
    Court throughput = new Court("throughput > 100/s over 1s");
    for (int second = 0; second < 100; second++) {
      throughput.see(at(second, 1, 1).with(99 - second, 0));
    }
    assertThat(throughput.violations).hasSizeBetween(10, 20);
  }

  @Test
  void watchesEverySeriesByItself() {
    Court court = new Court("p95 < 500ms on \"* /*\" over 1s recover 0s");
    Series browse = new Series("/browse", "GET", "", Map.of());
    for (int second = 0; second < 4; second++) {
      court.see(0, Court.RUN, at(second, 1, 900));
      court.see(1, CHECKOUT, at(second, 1, second == 1 ? 900 : 100));
      court.see(2, browse, at(second, 1, second >= 2 ? 900 : 100));
    }
    assertThat(court.violations)
        .extracting(v -> v.getSeries().getName() + " " + v.getState())
        .containsExactly("/checkout OPENED", "/checkout RESOLVED", "/browse OPENED");
    assertThat(ids(court)).hasSize(2);
    assertThat(court.result().getReason()).contains("POST /checkout first, of 2");
  }

  @Test
  void givesIdsThatAreTheSameInEveryProcess() {
    // Systems outside know episodes by these: SHA-256 over the parts, each behind its length.
    assertThat(ViolationId.of("run-1", "rule", CHECKOUT, 1))
        .isEqualTo("f27146f378d830cf9332553bbe92eb8e");
    Series tagged = new Series("/checkout", "POST", "shop", Map.of("b", "2", "a", "1"));
    assertThat(ViolationId.of("run-1", "rule", tagged, 3))
        .isEqualTo("52fe6fe0e119c72edd2c0d35e4bf4dff");
    assertThat(
            Set.of(
                ViolationId.of("run-1", "rule", CHECKOUT, 1),
                ViolationId.of("run-1", "rule", CHECKOUT, 2),
                ViolationId.of("run-2", "rule", CHECKOUT, 1),
                ViolationId.of("run-1", "rul", new Series("e/checkout", "POST", "", Map.of()), 1),
                ViolationId.of("run-1", "rule", Court.RUN, 1)))
        .hasSize(5);
  }

  @Test
  void doesNotJudgeWhatSaysNothing() {
    Court court =
        new Court("throughput > 100/s over 1s", "p99 < 1ms over 1s", "cpu_percent < 1% over 1s");
    court.see(at(0, 1, 900).with(50, 0).covering(200_000));
    assertThat(court.violations).isEmpty();
    assertThat(court.results())
        .extracting(ObjectiveResult::getStatus)
        .containsOnly(ObjectiveStatus.NOT_JUDGED);
    assertThat(court.results())
        .extracting(ObjectiveResult::getReason)
        .containsExactly(
            "the run covered no window whole",
            "no window had the 100 requests it takes",
            "cpu_percent was not measured");
    court.see(at(1, 1, 900).with(50, 0));
    assertThat(court.story()).containsExactly("OPENED 1.0 @2");
  }

  @Test
  void keepsAnObjectiveThatCannotBeUnderstoodFromHidingOthers() {
    Objective broken = Rule.parse("p95 < 500ms").toRecord();
    broken.setExpression("p95 is quick");
    broken.setName("broken");
    Objective good = Rule.parse("error_rate < 1% over 1s").toRecord();
    RunJudge judge = RunJudge.pin(Court.IDENTITY, List.of(broken, good), Court.BASE_MICROS);
    List<Violation> violations = new ArrayList<>();
    judge.judge(0, Court.RUN, at(0, 1, 1).with(100, 50), collecting(violations));
    assertThat(violations).hasSize(1);
    ObjectiveResult result = judge.results().get(0);
    assertThat(result.getStatus()).isEqualTo(ObjectiveStatus.NOT_JUDGED);
    assertThat(result.getReason()).contains("column 5").contains("expected one of < <= >");
  }

  @Test
  void judgesACorrectedWindowAgain() {
    for (boolean restarting : new boolean[] {false, true}) {
      // A window that held turns out to have been broken: now it has been broken for long enough.
      Court late = court(restarting, "p95 < 500ms over 1s for 3s recover 3s");
      play(late, "bhb");
      assertThat(late.violations).isEmpty();
      late.see(at(1, 1, 100).corrected(1, 800));
      assertThat(late.story()).containsExactly("OPENED 1.0 @2");
      assertThat(late.violations.get(0).getSinceMicros()).isZero();
      assertThat(late.violations.get(0).getMessage()).contains("correction");
      assertThat(late.result().getStatus()).isEqualTo(ObjectiveStatus.FAILED);

      // A window that was broken turns out to have held: the episode is taken back.
      Court early = court(restarting, "p95 < 500ms over 1s for 3s recover 3s");
      play(early, "bbb");
      early.see(at(1, 1, 600).corrected(1, 100));
      assertThat(early.story()).containsExactly("OPENED 1.0 @3", "RESOLVED 1.1 @2");
      assertThat(early.violations.get(1).getMessage()).contains("taken back");
      assertThat(early.result().getStatus()).isEqualTo(ObjectiveStatus.PASSED);
      assertThat(early.result().getReason()).contains("1 taken back after late samples");
      assertThat(early.result().getBrokenMicros()).isEqualTo(2_000_000);

      // The same outcome again changes nothing.
      Court same = court(restarting, "p95 < 500ms over 1s");
      play(same, "b");
      same.see(at(0, 1, 600).corrected(1, 610));
      assertThat(same.violations).hasSize(1);

      // An episode that had been resolved is taken back by a record of its own.
      Court resolved = court(restarting, "p95 < 500ms over 1s recover 0s");
      play(resolved, "bhh");
      resolved.see(at(0, 1, 600).corrected(1, 100));
      assertThat(resolved.story())
          .containsExactly("OPENED 1.0 @1", "RESOLVED 1.1 @2", "RESOLVED 1.2 @1");
      assertThat(resolved.result().getStatus()).isEqualTo(ObjectiveStatus.PASSED);

      // A window in the past breaks and is over by now.
      Court past = court(restarting, "p95 < 500ms over 1s recover 0s");
      play(past, "bhhh");
      past.see(at(2, 1, 100).corrected(1, 700));
      assertThat(past.story())
          .containsExactly("OPENED 1.0 @1", "RESOLVED 1.1 @2", "OPENED 2.0 @3", "RESOLVED 2.1 @3");
    }
  }

  @Test
  void judgesTheWholeRunAtItsEnd() {
    Court court = new Court("p95 < 500ms over run", "error_rate < 1% over run");
    play(court, "bbbb");
    assertThat(court.violations).isEmpty();
    court.seeTotal(at(0, 4, 600).with(100, 0));
    court.end(4);
    assertThat(court.story()).containsExactly("OPENED 1.0 @4");
    assertThat(court.results())
        .extracting(ObjectiveResult::getStatus)
        .containsExactly(ObjectiveStatus.FAILED, ObjectiveStatus.PASSED);
    // The run goes on after all, and what it comes to then holds.
    court.seeTotal(at(0, 9, 400).with(200, 0));
    assertThat(court.story()).containsExactly("OPENED 1.0 @4", "RESOLVED 1.1 @9");
    assertThat(court.result().getStatus()).isEqualTo(ObjectiveStatus.PASSED);
  }

  @Test
  void closesWhatTheRunsEndCutsShort() {
    for (boolean restarting : new boolean[] {false, true}) {
      Court court = court(restarting, "p95 < 500ms over 1s");
      play(court, "bb");
      court.end(2);
      court.end(2);
      assertThat(court.story()).containsExactly("OPENED 1.0 @1", "RESOLVED 1.1 @2");
      assertThat(court.violations.get(1).getMessage()).contains("the run ended before it held");
      assertThat(court.result().getStatus()).isEqualTo(ObjectiveStatus.FAILED);
    }
  }

  @Test
  void stopsALiveFleetOnce() {
    Court court =
        new Court("p95 < 500ms over 1s severity critical abort", "avg < 1ms over 1s abort");
    play(court, "bbb");
    assertThat(court.commands).hasSize(1);
    RunCommand command = court.commands.get(0);
    assertThat(command.getKind()).isEqualTo(CommandKind.ABORT);
    assertThat(command.getRun()).isEqualTo("run-1");
    assertThat(command.getBy()).startsWith("objective p95 < 500ms");
    assertThat(command.getReason()).contains("600 ms");
    assertThat(court.judge().hasAborted()).isTrue();

    RunIdentity replay = new RunIdentity("run-1", "shop", "staging", "1.2", Map.of(), false);
    RunJudge judge =
        RunJudge.pin(
            replay, List.of(Rule.parse("p95 < 1ms over 1s abort").toRecord()), Court.BASE_MICROS);
    List<Violation> violations = new ArrayList<>();
    judge.judge(0, Court.RUN, at(0, 1, 600), collecting(violations));
    assertThat(violations).hasSize(1);
  }

  @Test
  void decidesOnTheRun() {
    Court court =
        new Court(
            "p95 < 500ms over 1s severity info", "avg < 1s over 1s", "p99 < 1s on \"GET /none\"");
    play(court, "bb");
    assertThat(Judgement.of(court.results(), List.of(), true).verdict()).isEqualTo(Verdict.PASSED);
    Judgement missing = Judgement.of(court.results(), List.of("7 samples are missing"), false);
    assertThat(missing.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(missing.reasons())
        .hasSize(3)
        .anyMatch(r -> r.contains("(severity info)"))
        .anyMatch(r -> r.contains("was not judged: no window of a series GET /none was seen"));
    court.see(at(2, 1, 2_000));
    Judgement failed = Judgement.of(court.results(), List.of("7 samples are missing"), false);
    assertThat(failed.verdict()).isEqualTo(Verdict.FAILED);
  }

  /** A random run with corrections, judged once in one go and once restarted at every window. */
  @Test
  void saysTheSameWhereverItIsKilledAndReplayed() {
    for (int seed = 0; seed < 30; seed++) {
      List<SeenWindow> windows = randomRun(new Random(seed));
      String[] lines = {
        "p95 < 500ms over 1s recover 0s",
        "p95 < 500ms over 1s for 3s recover 2s",
        "p95 < 300ms over 1s for 5s recover 10s abort",
        "error_rate < 5% over 1s for 2s",
      };
      Court once = court(false, lines);
      Court restarted = court(true, lines);
      for (SeenWindow window : windows) {
        once.see(window);
        restarted.see(window);
      }
      once.end(10_000);
      restarted.end(10_000);
      assertThat(restarted.violations).as("seed " + seed).isEqualTo(once.violations);
      assertThat(restarted.commands).isEqualTo(once.commands);
      assertThat(restarted.results()).isEqualTo(once.results());
      assertThat(once.violations).isNotEmpty();
      assertWellFormed(once.violations);
    }
  }

  /** Episodes of a rule open and close in turns, and their records are numbered without gaps. */
  private static void assertWellFormed(List<Violation> violations) {
    Map<String, Integer> sequences = new java.util.HashMap<>();
    Map<String, Integer> episodes = new java.util.HashMap<>();
    for (Violation violation : violations) {
      int expected = sequences.merge(violation.getId(), 1, Integer::sum) - 1;
      assertThat(violation.getSequence()).isEqualTo(expected);
      if (violation.getState() == ViolationState.OPENED) {
        int episode = episodes.merge(violation.getObjective().getName(), 1, Integer::sum);
        assertThat(violation.getEpisode()).isEqualTo(episode);
        assertThat(violation.getSequence()).isZero();
      }
    }
  }

  private static List<SeenWindow> randomRun(Random random) {
    List<SeenWindow> windows = new ArrayList<>();
    double millis = 300;
    for (int second = 0; second < 400; second++) {
      millis = Math.max(50, millis * (0.7 + 0.65 * random.nextDouble()));
      if (random.nextInt(8) > 0) {
        windows.add(at(second, 1, millis).with(100 + random.nextInt(50), random.nextInt(12)));
      }
      if (!windows.isEmpty() && random.nextInt(5) == 0) {
        int back = Math.min(windows.size(), 1 + random.nextInt(40));
        SeenWindow old = windows.get(windows.size() - back);
        windows.add(old.corrected(old.revision() + 1, 50 + random.nextInt(1_000)));
      }
    }
    return windows;
  }

  @Test
  void staysSmallOverALongRun() {
    Court court = court(true, "p95 < 500ms over 1s for 3s", "p99 < 500ms over 1s for 3s");
    play(
        court,
        "bbbbbhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh".repeat(20));
    assertThat(court.savedBytes()).isLessThan(1_000);
  }

  @Test
  void takesBoundedTimeOverTenThousandRulesWithGlobsMadeToExplode() {
    Stream<Rule> rules =
        IntStream.range(0, 10_000)
            .mapToObj(
                i -> Rule.parse("p95 < " + (500 + i) + "ms on \"*\\\\*a*" + i % 7 + "*\" over 1s"));
    Court court = new Court(false, rules);
    Assertions.assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (int number = 0; number < 100; number++) {
            Series series = new Series("a*a".repeat(30) + number, "", "", Map.of());
            court.see(number, series, at(0, 1, 100));
          }
        });
    assertThat(court.violations).isEmpty();
    assertThat(court.results()).hasSize(10_000);
  }

  private static Court court(boolean restarting, String... lines) {
    return new Court(restarting, Stream.of(lines).map(Rule::parse));
  }

  private static void play(Court court, String windows) {
    for (int second = 0; second < windows.length(); second++) {
      if (windows.charAt(second) != '.') {
        court.see(at(second, 1, windows.charAt(second) == 'b' ? 600 : 100));
      }
    }
  }

  private static Set<String> ids(Court court) {
    Set<String> ids = new TreeSet<>();
    court.violations.forEach(v -> ids.add(v.getId()));
    return ids;
  }

  private static Consequences collecting(List<Violation> violations) {
    return new Consequences() {
      @Override
      public void violation(Violation violation) {
        violations.add(violation);
      }

      @Override
      public void command(RunCommand command) {
        throw new AssertionError("a command for a run that cannot be stopped: " + command);
      }
    };
  }
}
