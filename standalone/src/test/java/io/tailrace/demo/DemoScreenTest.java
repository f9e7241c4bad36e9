package io.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.RunMode;
import io.tailrace.record.Series;
import io.tailrace.record.Severity;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoScreenTest {
  private static final long START = 1_763_650_800_000_000L;
  private static final long SECOND = 1_000_000;

  private final StringWriter out = new StringWriter();

  private DemoScreen screen(int columns, Ink ink) {
    return new DemoScreen(new PrintWriter(out), columns, ink, "./tailrace");
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 100})
  void noLineIsWiderThanTheTerminal(int columns) {
    play(screen(columns, Ink.PLAIN));
    assertThat(lines()).isNotEmpty().allMatch(line -> line.length() <= columns);
  }

  @Test
  void countsTheStoryFromItsFirstRequestAndSaysWhichObjectivesHold() {
    play(screen(Integer.MAX_VALUE, Ink.PLAIN));
    assertThat(lines())
        .anyMatch(line -> line.matches(" +00:00 +312 .*3/3 +2/2 hold"))
        .anyMatch(line -> line.matches(" +00:12 .*3/3 +2/2 hold"))
        .contains("  00:13  BROKEN  the shop is quick (p95 < 350ms): 752.6 ms since 00:12")
        .anyMatch(line -> line.matches(" +00:13 .*3/3 +1/2 hold"))
        .contains("  00:20  HOLDS AGAIN  the shop is quick (p95 < 350ms)")
        .anyMatch(line -> line.matches(" +00:20 .*3/3 +2/2 hold"));
  }

  @Test
  void coloursAreForTerminalsAndTakeNoRoom() {
    play(screen(60, Ink.COLOURED));
    assertThat(out.toString()).contains("\u001b[31;1mBROKEN\u001b[0m");
    assertThat(lines()).allMatch(line -> line.replaceAll("\u001b\\[[0-9;]*m", "").length() <= 60);
    play(screen(60, Ink.PLAIN));
  }

  private static void play(DemoScreen screen) {
    screen.header(2);
    screen.window(window(-1, 0));
    screen.window(window(0, 312));
    screen.window(window(12, 300));
    screen.violation(violation(ViolationState.OPENED, 13));
    screen.window(window(13, 300));
    screen.violation(violation(ViolationState.RESOLVED, 20));
    screen.window(window(20, 300));
    screen.farewell(Path.of("results"), new Story(Duration.ofSeconds(30), 300, 3, false));
  }

  private static Aggregate window(int second, long requests) {
    Distribution times =
        requests == 0
            ? null
            : new Distribution(
                10L,
                20.0,
                1_045_512L,
                5.0,
                399_100L,
                500_000L,
                600_000L,
                752_600L,
                1_045_500L,
                1_045_512L);
    Aggregate window = new Aggregate();
    window.setSeries(new Series("*", "", "", Map.of()));
    window.setMode(RunMode.LIVE);
    window.setWindowStartMicros(START + second * SECOND);
    window.setWindowMicros(SECOND);
    window.setRequests(requests);
    window.setThroughput((double) requests);
    window.setErrorRatePercent(4.2);
    window.setNodesReported(3);
    window.setNodesExpected(3);
    window.setResponseTime(times);
    return window;
  }

  private static Violation violation(ViolationState state, int second) {
    Violation violation = new Violation();
    violation.setId("v1");
    violation.setObjective(
        new Objective(
            "the shop is quick",
            "p95 < 350ms",
            "*",
            SECOND,
            0L,
            0L,
            0L,
            0L,
            Severity.WARNING,
            ObjectiveAction.NONE));
    violation.setSeries(new Series("*", "", "", Map.of()));
    violation.setState(state);
    violation.setActual(752.6);
    violation.setWorst(752.6);
    violation.setUnit("ms");
    violation.setSinceMicros(START + 12 * SECOND);
    violation.setAtMicros(START + second * SECOND);
    return violation;
  }
}
