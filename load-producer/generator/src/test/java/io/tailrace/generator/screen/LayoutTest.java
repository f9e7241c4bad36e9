package io.tailrace.generator.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.generator.LiveView;
import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.engine.Progress;
import io.tailrace.generator.engine.Progress.StepProgress;
import io.tailrace.generator.engine.Progress.Times;
import io.tailrace.publisher.CloseReport;
import io.tailrace.record.LeaveReason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayoutTest {

  private static final Times TIMES =
      new Times(1_000, 90, 1_500, 1_200, 1_400, 2_000, 12_345, 234_567, 1_900_000, 12_000_000);

  private static final Progress PROGRESS =
      new Progress(
          12_000_000_000L,
          30_000_000_000L,
          500,
          498.2,
          6_000,
          5_990,
          5_980,
          37,
          10,
          64,
          512,
          TIMES,
          TIMES,
          TIMES,
          TIMES,
          TIMES,
          Map.of("timeout", 30L, "HTTP 503", 7L),
          List.of(
              new StepProgress("browse", "GET /users/{id}", 4_000, 30, TIMES),
              new StepProgress("browse", "POST /orders", 1_980, 7, TIMES)),
          1_234_567,
          42,
          0);

  private static final LiveView VIEW =
      new LiveView("shop", "shop-1", "node-1", "", PROGRESS, List.of("too little CPU"), 55, null);

  private static final LoadSummary SUMMARY =
      new LoadSummary(
          "shop",
          "shop-1",
          "node-1",
          "http://localhost:8080",
          PROGRESS,
          LeaveReason.DONE,
          "",
          List.of(),
          new CloseReport(5_980, 5_980, 0, 0, 0, true, Duration.ofMillis(20), null));

  @Test
  void fitsSixtyColumns() {
    List<String> lines = LiveLayout.lines(VIEW, 60);
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(60));
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).contains("40 %", "18 s left"))
        .anySatisfy(line -> assertThat(line).contains("498/s of 500/s asked"))
        .anySatisfy(
            line -> assertThat(line).matches("response, now +1.20 ms +12.3 ms +235 ms +12.0 s"))
        .anySatisfy(line -> assertThat(line).contains("37, 0.62 %"))
        .anySatisfy(line -> assertThat(line).contains("30  timeout"))
        .anySatisfy(line -> assertThat(line).contains("the generator is the bottleneck"));
  }

  @Test
  void redrawsOverWhatItDrew() {
    StringWriter terminal = new StringWriter();
    try (TerminalScreen screen = new TerminalScreen(new PrintWriter(terminal), () -> 80)) {
      screen.show(VIEW);
      int drawn = (int) terminal.toString().lines().count();
      screen.show(VIEW);
      assertThat(terminal.toString()).contains("\u001b[" + drawn + "A\u001b[J");
      screen.finish(SUMMARY);
    }
    assertThat(terminal.toString()).endsWith("\u001b[?25h");
  }

  @Test
  void saysALineNowAndThenWithoutATerminal() {
    StringWriter out = new StringWriter();
    PlainScreen screen = new PlainScreen(new PrintWriter(out), Duration.ofHours(1));
    screen.show(VIEW);
    screen.show(VIEW);
    assertThat(out.toString().lines())
        .singleElement()
        .asString()
        .startsWith("12 s of 30 s: ")
        .contains("p95 12.3 ms", "37 errors");
  }

  @Test
  void saysNothingWhenToldToBeQuiet() {
    StringWriter out = new StringWriter();
    try (PlainScreen screen = PlainScreen.silent(new PrintWriter(out))) {
      screen.say("a note");
      screen.show(VIEW);
      screen.finish(SUMMARY);
    }
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void sumsUpInATable() {
    assertThat(SummaryLayout.lines(SUMMARY, 100))
        .anySatisfy(line -> assertThat(line).matches("GET /users/\\{id} +4,000 +30 +1.20 ms.*"))
        .anySatisfy(line -> assertThat(line).matches("all +5,980 +37 +1.20 ms.*"))
        .anySatisfy(line -> assertThat(line).contains("all 5,980 samples are in Kafka"))
        .as("stopped after 12 of 30 seconds")
        .anySatisfy(line -> assertThat(line).contains("499 requests/s over 12 s"));
  }

  @Test
  void sumsUpHowTheGeneratorHeldTheLoadBack() throws Exception {
    LoadSummary held =
        new LoadSummary(
            "shop",
            "shop-1",
            "node-1",
            "http://localhost:8080",
            PROGRESS,
            LeaveReason.DONE,
            "",
            List.of("all 512 connections were busy"),
            null);
    assertThat(SummaryLayout.lines(held, 100))
        .anySatisfy(
            line -> assertThat(line).contains("bottleneck", "all 512 connections were busy"));
    JsonNode json = new ObjectMapper().readTree(SummaryJson.of(held));
    assertThat(json.at("/bottlenecks/0").asText()).isEqualTo("all 512 connections were busy");
  }

  @Test
  void sumsUpForScripts() throws Exception {
    JsonNode json = new ObjectMapper().readTree(SummaryJson.of(SUMMARY));
    assertThat(json.at("/requests").asLong()).isEqualTo(5_980);
    assertThat(json.at("/duration").asDouble()).isEqualTo(12_000);
    assertThat(json.at("/response_time/p99").asDouble()).isEqualTo(234.567);
    assertThat(json.at("/errors_by_kind/timeout").asLong()).isEqualTo(30);
    assertThat(json.at("/steps/1/name").asText()).isEqualTo("POST /orders");
    assertThat(json.at("/published/complete").asBoolean()).isTrue();
  }
}
