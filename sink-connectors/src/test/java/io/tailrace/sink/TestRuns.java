package io.tailrace.sink;

import io.tailrace.record.NodeLedger;
import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.RunMode;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Series;
import io.tailrace.record.Severity;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Summaries, events and violations of runs that last a second and a half. */
public final class TestRuns {
  private TestRuns() {}

  public static RunSummary passed(String run) {
    return summary(run, "checkout", Verdict.PASSED, List.of());
  }

  public static RunSummary named(String run, String testName) {
    return summary(run, testName, Verdict.PASSED, List.of());
  }

  /** The 95th percentile was to stay below half a second and did not. */
  public static RunSummary failed(String run) {
    return violating(run, 1);
  }

  public static RunSummary violating(String run, int objectives) {
    return summary(
        run,
        "checkout",
        Verdict.FAILED,
        IntStream.range(0, objectives)
            .mapToObj(
                i ->
                    new ObjectiveResult(
                        objective("latency " + i),
                        ObjectiveStatus.FAILED,
                        "p95 was 731.5ms",
                        1_000_000L,
                        731.5,
                        500_000L))
            .toList());
  }

  public static RunEvent event(String run, RunEventKind kind) {
    return RunEvent.newBuilder()
        .setRun(run)
        .setKind(kind)
        .setNode(null)
        .setAtMicros(kind == RunEventKind.ENDED ? 1_500_000 : 0)
        .setDescription(description("checkout"))
        .setStartMicros(0)
        .setEndMicros(kind == RunEventKind.ENDED ? 1_500_000L : null)
        .setNodesJoined(1)
        .setNodesExpected(1)
        .setMessage("the run " + kind)
        .build();
  }

  public static Violation violation(String run, ViolationState state, int sequence) {
    return Violation.newBuilder()
        .setId(run + "/latency/1")
        .setRun(run)
        .setTestName("checkout")
        .setEnvironment("staging")
        .setVersion("1.2.3")
        .setTags(Map.of())
        .setObjective(objective("latency"))
        .setSeries(new Series("*", "", "", Map.of()))
        .setEpisode(1)
        .setState(state)
        .setSequence(sequence)
        .setMetric("response_time_p95")
        .setActual(731.5)
        .setThreshold(500)
        .setWorst(731.5)
        .setUnit("ms")
        .setSinceMicros(0)
        .setAtMicros(1_000_000)
        .setWindows(1)
        .setRequests(10)
        .setComplete(true)
        .setMessage("p95 is 731.5ms, expected below 500ms")
        .build();
  }

  private static Objective objective(String name) {
    return Objective.newBuilder()
        .setName(name)
        .setExpression("p95 < 500ms")
        .setSeries("*")
        .setOverMicros(10_000_000)
        .setForMicros(0)
        .setRecoverMicros(30_000_000)
        .setIgnoreMicros(0)
        .setMinRequests(1)
        .setSeverity(Severity.CRITICAL)
        .setAction(ObjectiveAction.NONE)
        .build();
  }

  private static RunDescription description(String testName) {
    return RunDescription.newBuilder()
        .setTestName(testName)
        .setEnvironment("staging")
        .setVersion("1.2.3")
        .setTags(Map.of("team", "payments"))
        .setMode(RunMode.LIVE)
        .setGitCommit("abc1234")
        .setGitBranch("main")
        .setExpectedNodes(1)
        .setPlan("requests: []")
        .setObjectives(List.of())
        .setReportUrl("https://reports.example.com/r1")
        .build();
  }

  private static RunSummary summary(
      String run, String testName, Verdict verdict, List<ObjectiveResult> objectives) {
    return RunSummary.newBuilder()
        .setRun(run)
        .setRevision(0)
        .setDescription(description(testName))
        .setStartMicros(0)
        .setEndMicros(1_500_000)
        .setFirstSampleMicros(1L)
        .setLastSampleMicros(1_400_000L)
        .setRequests(10)
        .setErrors(0)
        .setLate(0)
        .setClamped(0)
        .setThroughput(7.1)
        .setErrorRatePercent(0)
        .setResponseTime(TestAggregates.times())
        .setServiceTime(TestAggregates.times())
        .setSeriesCount(1)
        .setOverflowRequests(0)
        .setLedger(List.<NodeLedger>of())
        .setObjectives(objectives)
        .setVerdict(verdict)
        .setReasons(List.of())
        .setStopped(null)
        .build();
  }
}
