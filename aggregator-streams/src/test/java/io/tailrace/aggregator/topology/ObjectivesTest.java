package io.tailrace.aggregator.topology;

import static io.tailrace.aggregator.topology.AggregatorRig.SECOND;
import static io.tailrace.aggregator.topology.AggregatorRig.T0;
import static io.tailrace.aggregator.topology.AggregatorRig.description;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tailrace.objective.Rule;
import io.tailrace.record.CommandKind;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RuleSet;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objectives of a run's description, from the samples to violations, commands and verdict. */
class ObjectivesTest {
  private final AggregatorRig rig = new AggregatorRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void opensAndResolvesAViolationAndFailsTheRun() {
    FakeNode node =
        rig.node("r", "a")
            .join(
                objectives(
                    RunMode.LIVE, "p95 < 500ms on \"GET home\" over 1s for 2s recover 2s min 1"));
    for (int second = 0; second < 8; second++) {
      boolean slow = second >= 1 && second < 4;
      publish(node, second, slow ? 900_000 : 100_000);
    }
    node.leave(LeaveReason.DONE).publish(T0 + 8 * SECOND);

    assertThat(rig.violations)
        .extracting(ObjectivesTest::inShort)
        .containsExactly("OPENED home 1.0 since 1 at 3", "RESOLVED home 1.1 since 1 at 6");
    assertThat(rig.violations.get(0).getActual())
        .isEqualTo(900, org.assertj.core.data.Offset.offset(1.0));
    assertThat(rig.violations.get(0).getTags()).containsEntry("team", "shop");
    assertThat(rig.violations.get(0).getId()).isEqualTo(rig.violations.get(1).getId());
    assertThat(rig.commands).isEmpty();
    RunSummary summary = rig.summaries.get(0);
    assertThat(summary.getVerdict()).isEqualTo(Verdict.FAILED);
    ObjectiveResult result = summary.getObjectives().get(0);
    assertThat(result.getStatus()).isEqualTo(ObjectiveStatus.FAILED);
    assertThat(result.getFirstFailedMicros()).isEqualTo(T0 + 3 * SECOND);
    assertThat(result.getBrokenMicros()).isEqualTo(3 * SECOND);
    assertThat(summary.getReasons()).anyMatch(reason -> reason.contains("failed: 900"));
  }

  @Test
  void stopsTheFleetWhenAnObjectiveAsksForThat() {
    FakeNode node =
        rig.node("r", "a")
            .join(objectives(RunMode.LIVE, "errors == 0 over 1s severity critical abort"));
    node.sample("home", 500, "status 500", T0 + 100_000, 10, 0).publish(T0 + 500_000);
    assertThat(rig.commands).isEmpty();
    node.publish(T0 + SECOND + 1);

    assertThat(rig.commands)
        .singleElement()
        .satisfies(
            command -> {
              assertThat(command.getRun()).isEqualTo("r");
              assertThat(command.getKind()).isEqualTo(CommandKind.ABORT);
              assertThat(command.getBy())
                  .isEqualTo("objective errors == 0 over 1s severity critical abort");
              assertThat(command.getReason())
                  .contains("errors of the run is 1 over 1s, expected errors == 0");
            });
    node.leave(LeaveReason.ABORTED).publish(T0 + 2 * SECOND);
    assertThat(rig.summaries.get(0).getVerdict()).isEqualTo(Verdict.FAILED);
    assertThat(rig.summaries.get(0).getStopped()).isNotNull();
  }

  @Test
  void judgesOverWidthsThatAreNotPublished() {
    FakeNode node =
        rig.node("r", "a")
            .join(objectives(RunMode.LIVE, "requests < 3 over 3s", "p50 < 1s over 20s min 1"));
    for (int second = 0; second < 45; second++) {
      publish(node, second, second < 12 ? 100_000 : 2_000_000);
    }
    node.leave(LeaveReason.DONE).publish(T0 + 45 * SECOND);

    assertThat(rig.violations.get(0).getRequests()).isEqualTo(3);
    assertThat(rig.violations.get(0).getAtMicros() - rig.violations.get(0).getSinceMicros())
        .isEqualTo(3 * SECOND);
    List<Violation> slow =
        rig.violations.stream().filter(v -> v.getMetric().equals("response_time_p50")).toList();
    assertThat(slow.get(0).getSinceMicros()).isEqualTo(T0 + 20 * SECOND);
    assertThat(slow.get(0).getRequests()).isEqualTo(20);
    assertThat(rig.summaries.get(0).getObjectives().get(1).getBrokenMicros())
        .isEqualTo(40 * SECOND);
  }

  @Test
  void judgesAWindowAgainThatLateSamplesCorrect() {
    FakeNode node =
        rig.node("r", "a")
            .join(objectives(RunMode.LIVE, "errors == 0 over 1s", "errors == 0 over 2s"));
    for (int second = 0; second < 4; second++) {
      publish(node, second, 100_000);
    }
    assertThat(rig.violations).isEmpty();
    node.sample("home", 500, "status 500", T0 + 400_000, 10, 0);
    publish(node, 4, 100_000);
    node.publish(T0 + 5 * SECOND);

    assertThat(rig.violations)
        .extracting(ObjectivesTest::inShort)
        .containsExactly("OPENED * 1.0 since 0 at 1", "OPENED * 1.0 since 0 at 2");
    assertThat(rig.violations.get(0).getMessage()).contains("after a correction");
  }

  @Test
  void judgesTheRunAndItsSeriesAtTheEnd() {
    FakeNode node =
        rig.node("r", "a")
            .join(
                objectives(
                    RunMode.IMPORT,
                    "requests >= 100 over run severity critical",
                    "error_rate < 1% on \"*\\\\*none\" over run",
                    "p99 < 1s over run abort"));
    publish(node, 0, 100_000);
    node.leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(rig.violations).extracting(Violation::getMetric).containsExactly("requests");
    assertThat(rig.summaries.get(0).getObjectives())
        .extracting(ObjectiveResult::getStatus)
        .containsExactly(
            ObjectiveStatus.FAILED, ObjectiveStatus.NOT_JUDGED, ObjectiveStatus.NOT_JUDGED);
  }

  @Test
  void doesNotJudgeThroughputWhereTheRunCoversAWindowInPart() {
    FakeNode node =
        new FakeNode(rig, "r", "a", T0 + 700_000)
            .join(objectives(RunMode.LIVE, "throughput > 2/s over 1s"));
    node.sample("home", T0 + 800_000, 10).publish(T0 + 900_000);
    node.sample("home", T0 + SECOND + 1, 10).sample("home", T0 + SECOND + 2, 10);
    node.sample("home", T0 + SECOND + 3, 10).publish(T0 + SECOND + 900_000);
    node.publish(T0 + 2 * SECOND + 1);
    assertThat(rig.violations).isEmpty();
    node.publish(T0 + 3 * SECOND + 1);
    assertThat(rig.violations)
        .extracting(ObjectivesTest::inShort)
        .containsExactly("OPENED * 1.0 since 2 at 3");
  }

  @Test
  void pinsTheOrganisationsRulesThatApply() {
    rig.ruleSets.add(ruleSet("speed", "check*", "staging", "p95 < 1ms over 1s min 1"));
    rig.ruleSets.add(ruleSet("other", "search", "*", "p95 < 2ms over 1s min 1"));
    RuleSet broken = ruleSet("broken", "*", "*", "p95 < 3ms over 1s min 1");
    broken.getObjectives().get(0).setExpression("p95 is quick");
    rig.ruleSets.add(broken);
    FakeNode node = rig.node("r", "a").join(objectives(RunMode.LIVE, "p95 < 1ms over 1s min 1"));
    publish(node, 0, 100_000);
    rig.ruleSets.clear();
    publish(node, 1, 100_000);
    node.leave(LeaveReason.DONE).publish(T0 + 2 * SECOND);

    assertThat(rig.summaries.get(0).getObjectives())
        .extracting(result -> result.getObjective().getName() + " " + result.getStatus())
        .containsExactly(
            "p95 < 1ms over 1s min 1 requests FAILED",
            "broken/p95 < 3ms over 1s min 1 requests NOT_JUDGED",
            "speed/p95 < 1ms over 1s min 1 requests FAILED");
    assertThat(rig.events.get(0).getDescription().getObjectives()).hasSize(3);
  }

  /** Ten requests of 10 to 100 ms, one of them not found, one failed, two 5 ms late. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          status 5xx < 0.5%,        10
          status 503 < 1%,          10
          status 4xx < 1%,          10
          status 2xx >= 90%,        80
          status 0 >= 1%,           0
          error_rate < 1%,          20
          errors == 0,              2
          requests > 100,           10
          throughput > 100/s,       10
          avg < 1ms,                56
          min > 11ms,               10
          max < 1ms,                105
          p50 < 1ms,                55
          p95 <= 1,                 105
          response_time_p90 < 1,    90
          p99.9 < 1ms,              105
          p72.5 < 1ms,              80
          service_time_avg < 1ms,   55
          service_time_p99 < 1ms,   100
          service_time_max < 1ms,   100
          lateness_max < 1ms,       5
          lateness_avg < 0.5ms,     1
          first_byte_avg < 1ms,     27.5
          active_users < 5,         7
          cpu_percent < 10%,        50.5
          memory_mb < 100MB,        256
          """)
  void measuresWhatWasAskedForInTheWindowsThemselves(String objective, double expected) {
    FakeNode node = rig.node("r", "a").join(objectives(RunMode.LIVE, objective + " over 1s min 1"));
    for (int i = 1; i <= 10; i++) {
      int status = i == 1 ? 404 : i == 2 ? 503 : 200;
      String error = status == 200 ? null : "HTTP " + status;
      node.sample("home", status, error, T0 + i, i * 10_000L, i % 5 == 0 ? 5_000 : 0);
    }
    node.health(7, 50.5, 256).publish(T0 + 900_000);
    node.publish(T0 + SECOND + 1);

    assertThat(rig.violations).hasSize(1);
    // Three significant digits are kept of a time.
    assertThat(rig.violations.get(0).getActual()).isCloseTo(expected, withinPercentage(0.1));
    assertThat(rig.violations.get(0).getRequests()).isEqualTo(10);
  }

  @Test
  void judgesTheSeriesThatAGlobOrATagChoosesWhenTheyHaveEnoughRequests() {
    String[] lines = {
      "errors == 0 on \"GET /cart/*\" over 1s",
      "errors == 0 on \"tag.team == \\\"a\\\" && method != \\\"PUT\\\"\" over 1s",
      "errors == 0 on \"GET /cart/1\" over 1s min 3 requests",
    };
    FakeNode node = rig.node("r", "a").join(objectives(RunMode.LIVE, lines));
    node.failed("/cart/1", "GET", Map.of("team", "a"), T0 + 1);
    node.failed("/cart/2", "GET", Map.of("team", "b"), T0 + 2);
    node.failed("/cart/3", "PUT", Map.of("team", "a"), T0 + 3);
    node.failed("/home", "GET", Map.of("team", "a"), T0 + 4).publish(T0 + SECOND + 1);
    node.failed("/cart/1", "GET", Map.of("team", "a"), T0 + SECOND + 1);
    node.failed("/cart/1", "GET", Map.of("team", "a"), T0 + SECOND + 2);
    node.failed("/cart/1", "GET", Map.of("team", "a"), T0 + SECOND + 3);
    node.publish(T0 + 2 * SECOND + 1);

    assertThat(rig.violations)
        .filteredOn(v -> v.getState() == ViolationState.OPENED)
        .extracting(v -> List.of(lines).indexOf(v.getObjective().getName()) + " " + inShort(v))
        .containsExactlyInAnyOrder(
            "0 OPENED /cart/1 1.0 since 0 at 1",
            "0 OPENED /cart/2 1.0 since 0 at 1",
            "1 OPENED /cart/1 1.0 since 0 at 1",
            "1 OPENED /home 1.0 since 0 at 1",
            "2 OPENED /cart/1 1.0 since 1 at 2");
  }

  /** What stands before a rule's name to tell whose it is must not make the name too long. */
  @Test
  void judgesTheOrganisationsRulesWithTheLongestNames() {
    String longest = "n".repeat(Rule.LONGEST_NAME);
    RuleSet rules = ruleSet("payments", "*", "*", "p95 < 1ms over 1s min 1");
    rules.getObjectives().get(0).setName(longest);
    RuleSet twice = ruleSet("payments", "*", "*", "p95 < 2ms over 1s min 1");
    twice.getObjectives().get(0).setName(longest + "m");
    rig.ruleSets.addAll(List.of(rules, twice));
    FakeNode node = rig.node("r", "a").join(objectives(RunMode.LIVE));
    publish(node, 0, 100_000);
    node.leave(LeaveReason.DONE).publish(T0 + SECOND);

    assertThat(rig.summaries.get(0).getObjectives())
        .allSatisfy(result -> assertThat(result.getStatus()).isEqualTo(ObjectiveStatus.FAILED))
        .extracting(result -> result.getObjective().getName())
        .doesNotHaveDuplicates()
        .allMatch(name -> name.startsWith("payments/nnn"))
        .hasSize(2);
  }

  private static RuleSet ruleSet(String name, String test, String environment, String line) {
    return RuleSet.newBuilder()
        .setName(name)
        .setTestName(test)
        .setEnvironment(environment)
        .setObjectives(List.of(Rule.parse(line).toRecord()))
        .setSource("")
        .setAppliedMicros(0)
        .setAppliedBy("nobody")
        .build();
  }

  private static void publish(FakeNode node, int second, long latencyMicros) {
    node.sample("home", T0 + second * SECOND + 500_000, latencyMicros);
    node.publish(T0 + second * SECOND + 999_999);
  }

  private static RunDescription objectives(RunMode mode, String... lines) {
    RunDescription description = description(mode, 1);
    description.setObjectives(Stream.of(lines).map(ObjectivesTest::objective).toList());
    return description;
  }

  private static io.tailrace.record.Objective objective(String line) {
    // One that contradicts itself is still something that a node can send.
    if (line.endsWith("over run abort")) {
      var record = Rule.parse(line.replace(" abort", "")).toRecord();
      record.setAction(io.tailrace.record.ObjectiveAction.ABORT);
      return record;
    }
    return Rule.parse(line).toRecord();
  }

  private static String inShort(Violation violation) {
    return "%s %s %d.%d since %d at %d"
        .formatted(
            violation.getState(),
            violation.getSeries().getName(),
            violation.getEpisode(),
            violation.getSequence(),
            (violation.getSinceMicros() - T0) / SECOND,
            (violation.getAtMicros() - T0) / SECOND);
  }
}
