package io.tailrace.sink.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Severity;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.TestRuns;
import io.tailrace.sink.TestSink;
import io.tailrace.sink.contract.StubTarget;
import io.tailrace.sink.contract.StubTarget.Fault;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.OnceJournal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class SlackSinkIT {
  private final SlackStub slack = new SlackStub();
  private final StubTarget target = StubTarget.start(slack::answer);
  private final OnceJournal journal = OnceJournal.inMemory();

  @AfterEach
  void close() {
    assertThat(target.strangers()).isEmpty();
    target.close();
  }

  @Test
  void theUsersBlockLoadsAndSaysWhatAWebhookCannotDo() throws Exception {
    String block =
        """
        webhook: "{{env.SLACK_WEBHOOK}}"
        channel: "#performance"

        notifications:
          test_start:
            enabled: true
            message: "🚀 Performance test started: {{test_name}}"

          test_complete:
            enabled: true
            template: |
              {{#if sla_passed}}✅{{else}}❌{{/if}} Performance test completed

              **Test:** {{test_name}}
              **Duration:** {{duration}}
              **Results:**
              • Response Time P95: {{metrics.response_time_p95}}ms
              • Throughput: {{metrics.throughput}} req/s
              • Error Rate: {{metrics.error_rate}}%

              <{{report_url}}|View Full Report>

          sla_violations:
            enabled: true
            message: "⚠️ SLA violation detected in {{test_name}}: {{violation_details}}"

        thread_replies: true
        user_mentions:
          - "@performance-team"
          - "@on-call"
        pace: 0ms
        """;
    Map<String, String> environment = Map.of("SLACK_WEBHOOK", target.url() + SlackStub.HOOK);
    try (TestSink sink = TestSink.open(new SlackSinkProvider(), block, environment, journal)) {
      assertThat(sink.notes())
          .anyMatch(note -> note.contains("channel has no effect"))
          .anyMatch(note -> note.contains("thread_replies has no effect"));
      for (int time = 0; time < 2; time++) {
        sink.deliver(Feed.RUN_EVENTS, TestRuns.event("r1", RunEventKind.STARTED));
        sink.deliver(
            Feed.VIOLATIONS,
            violation("r1", 1, ViolationState.OPENED),
            violation("r1", 1, ViolationState.UPDATED),
            violation("r1", 1, ViolationState.RESOLVED));
        sink.deliver(Feed.SUMMARIES, TestRuns.failed("r1"), TestRuns.passed("r2"));
      }
    }
    assertThat(slack.messages())
        .extracting(SlackStub.Posted::text)
        .satisfiesExactly(
            text -> assertThat(text).isEqualTo("🚀 Performance test started: checkout"),
            text ->
                assertThat(text)
                    .isEqualTo(
                        "⚠️ SLA violation detected in checkout: p95 is 731.5ms, expected below"
                            + " 500ms\n@performance-team @on-call"),
            text -> assertThat(text).startsWith("✅ ~⚠️ SLA violation"),
            text ->
                assertThat(text)
                    .isEqualTo(
                        """
                        ❌ Performance test completed

                        *Test:* checkout
                        *Duration:* 1s500ms
                        *Results:*
                        • Response Time P95: 9.5ms
                        • Throughput: 7.1 req/s
                        • Error Rate: 0%

                        <https://reports.example.com/r1|View Full Report>
                        @performance-team @on-call\
                        """),
            text -> assertThat(text).startsWith("✅ Performance test").doesNotContain("@"));
  }

  @Test
  void allOfARunIsOneThreadAndAViolationOneMessageThatIsKeptUpToDate() throws Exception {
    try (TestSink sink = bot("")) {
      for (int time = 0; time < 2; time++) {
        // What is read first, the violation or the start of its run, is a matter of chance.
        sink.deliver(Feed.VIOLATIONS, violation("r1", 1, ViolationState.OPENED));
        sink.deliver(Feed.RUN_EVENTS, TestRuns.event("r1", RunEventKind.STARTED));
        Violation worse = violation("r1", 1, ViolationState.UPDATED);
        worse.setMessage("p95 is 900ms, expected below 500ms");
        sink.deliver(Feed.VIOLATIONS, worse);
        // The second time it is over already, and stays so.
        assertThat(slack.replies().get(0).text())
            .contains(time == 0 ? "900ms" : "731.5ms")
            .startsWith(time == 0 ? "\u26A0" : "\u2705");
        assertThat(slack.replies().get(0).colour())
            .isEqualTo(time == 0 ? Colour.RED.code() : Colour.GREEN.code());
        sink.deliver(Feed.VIOLATIONS, violation("r1", 1, ViolationState.RESOLVED));
        sink.deliver(Feed.SUMMARIES, TestRuns.failed("r1"));
      }
    }
    assertThat(slack.roots()).hasSize(1);
    assertThat(slack.roots().get(0).text()).contains("started").contains("checkout");
    assertThat(slack.replies()).hasSize(2);
    assertThat(slack.replies()).allMatch(each -> each.thread.equals(slack.roots().get(0).ts));
    assertThat(slack.replies().get(0).colour()).isEqualTo(Colour.GREEN.code());
    assertThat(slack.replies().get(0).footer()).contains("resolved");
    assertThat(slack.replies().get(1).broadcast).isTrue();
    assertThat(slack.replies().get(1).colour()).isEqualTo(Colour.RED.code());
  }

  @Test
  void manyViolationsAtOnceAreOneMessage() throws Exception {
    Violation[] many =
        IntStream.range(0, 50)
            .mapToObj(i -> violation("r1", i, ViolationState.OPENED))
            .toArray(Violation[]::new);
    try (TestSink sink = bot("digest_above: 10\n")) {
      target.failNext(Fault.UNAVAILABLE);
      assertThat(sink.deliver(Feed.VIOLATIONS, many)).isInstanceOf(Delivery.Retry.class);
      for (int time = 0; time < 2; time++) {
        assertThat(sink.deliver(Feed.VIOLATIONS, many)).isEqualTo(Delivery.accepted());
      }
      sink.deliver(Feed.VIOLATIONS, violation("r1", 7, ViolationState.UPDATED));
    }
    assertThat(slack.replies()).hasSize(1);
    assertThat(slack.replies().get(0).text())
        .contains("50 objectives do not hold")
        .contains("and 30 more");
  }

  @Test
  void aMessageWhosePostingWasNotAnsweredIsFoundAgain() throws Exception {
    try (TestSink sink = bot("")) {
      for (int i = 0; i < 45; i++) {
        sink.deliver(Feed.VIOLATIONS, violation("r1", i, ViolationState.OPENED));
      }
      target.failNext(Fault.ANSWER_LOST);
      Violation last = violation("r1", 45, ViolationState.OPENED);
      assertThatThrownBy(() -> sink.deliver(Feed.VIOLATIONS, last)).isInstanceOf(IOException.class);
      assertThat(sink.deliver(Feed.VIOLATIONS, last)).isEqualTo(Delivery.accepted());
      assertThat(sink.metric("tailrace_sink_unanswered_total")).isEqualTo(1);
    }
    assertThat(slack.roots()).hasSize(1);
    assertThat(slack.replies()).hasSize(46);
  }

  @Test
  void aStateIsShownOnceAndNoEarlierOneAfterIt() throws Exception {
    Violation[] opened = states(ViolationState.OPENED, 0);
    Violation[] worse = states(ViolationState.UPDATED, 1);
    Violation[] over = states(ViolationState.RESOLVED, 2);
    try (TestSink sink = bot("")) {
      sink.deliver(Feed.VIOLATIONS, opened);
      slack.loseUpdate(3);
      assertThatThrownBy(() -> sink.deliver(Feed.VIOLATIONS, worse))
          .isInstanceOf(IOException.class);
      assertThat(sink.metric("tailrace_sink_unanswered_total")).isEqualTo(1);
      sink.deliver(Feed.VIOLATIONS, worse);
      assertThat(slack.replies()).extracting(each -> each.updates).containsExactly(1, 1, 2, 1, 1);
      sink.deliver(Feed.VIOLATIONS, over);
      for (Violation[] again : List.of(opened, worse, over)) {
        sink.deliver(Feed.VIOLATIONS, again);
      }
    }
    assertThat(slack.replies()).extracting(each -> each.updates).containsExactly(2, 2, 3, 2, 2);
    assertThat(slack.replies()).allMatch(each -> each.colour().equals(Colour.GREEN.code()));
  }

  private static Violation[] states(ViolationState state, int sequence) {
    return IntStream.range(0, 5)
        .mapToObj(
            i -> {
              Violation violation = violation("r1", i, state);
              violation.setSequence(sequence);
              return violation;
            })
        .toArray(Violation[]::new);
  }

  @Test
  void aMessageThatCannotBeFoundAmongSoManyIsSaidTwiceAndCounted() throws Exception {
    slack.pagesOf(1);
    try (TestSink sink = bot("")) {
      for (int i = 0; i < 25; i++) {
        sink.deliver(Feed.VIOLATIONS, violation("r1", i, ViolationState.OPENED));
      }
      target.failNext(Fault.ANSWER_LOST);
      Violation last = violation("r1", 25, ViolationState.OPENED);
      assertThatThrownBy(() -> sink.deliver(Feed.VIOLATIONS, last)).isInstanceOf(IOException.class);
      assertThat(sink.deliver(Feed.VIOLATIONS, last)).isEqualTo(Delivery.accepted());
      assertThat(sink.metric("tailrace_sink_ambiguous_total")).isEqualTo(1);
    }
    assertThat(slack.replies()).hasSize(27);
  }

  @Test
  void whereAThreadWasDeletedTheChannelIsTold() throws Exception {
    try (TestSink sink = bot("")) {
      sink.deliver(Feed.RUN_EVENTS, TestRuns.event("r1", RunEventKind.STARTED));
      slack.delete(slack.roots().get(0));
      target.failNext(Fault.ANSWER_LOST);
      Violation opened = violation("r1", 1, ViolationState.OPENED);
      assertThatThrownBy(() -> sink.deliver(Feed.VIOLATIONS, opened))
          .isInstanceOf(IOException.class);
      assertThat(sink.deliver(Feed.VIOLATIONS, opened, violation("r1", 2, ViolationState.OPENED)))
          .isEqualTo(Delivery.accepted());
    }
    assertThat(slack.roots()).hasSize(2);
    assertThat(slack.replies()).isEmpty();
  }

  @Test
  void coloursSayHowItStands() throws Exception {
    try (TestSink sink = bot("")) {
      sink.deliver(Feed.RUN_EVENTS, TestRuns.event("r1", RunEventKind.STARTED));
      Violation warning = violation("r1", 1, ViolationState.OPENED);
      warning.getObjective().setSeverity(Severity.WARNING);
      sink.deliver(Feed.VIOLATIONS, warning, violation("r1", 2, ViolationState.OPENED));
      RunSummary incomplete = TestRuns.passed("r1");
      incomplete.setVerdict(Verdict.INCOMPLETE);
      sink.deliver(Feed.SUMMARIES, incomplete);
    }
    assertThat(slack.messages())
        .extracting(SlackStub.Posted::colour)
        .containsExactly(
            Colour.BLUE.code(), Colour.YELLOW.code(), Colour.RED.code(), Colour.YELLOW.code());
  }

  @Test
  void aWebhookSaysAtItsStartWhatItCannotDo() {
    Logger logger = (Logger) LoggerFactory.getLogger(SlackSink.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    logger.setLevel(Level.INFO);
    try (TestSink bot = bot("");
        TestSink hook = webhook("")) {
      assertThat(bot.notes()).isEmpty();
      assertThat(hook.notes()).isEmpty();
    } finally {
      logger.detachAppender(logged);
      logger.setLevel(null);
    }
    assertThat(logged.list)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getFormattedMessage())
                    .contains("not updated", "no thread", "posted again", "bot_token"));
  }

  @Test
  void aWebhookSaysTwiceRatherThanNeverAndCountsThat() throws Exception {
    try (TestSink sink = webhook("")) {
      target.failNext(Fault.ANSWER_LOST);
      Violation opened = violation("r1", 1, ViolationState.OPENED);
      assertThatThrownBy(() -> sink.deliver(Feed.VIOLATIONS, opened))
          .isInstanceOf(IOException.class);
      target.failNext(Fault.THROTTLED);
      assertThat(sink.deliver(Feed.VIOLATIONS, opened))
          .isEqualTo(new Delivery.Retry("HTTP 429: slow down", Optional.of(Duration.ofSeconds(2))));
      sink.deliver(Feed.VIOLATIONS, opened);
      assertThat(sink.metric("tailrace_sink_ambiguous_total")).isEqualTo(1);
    }
    assertThat(slack.messages()).hasSize(2);
  }

  @Test
  void nothingInARecordPingsAnybody() throws Exception {
    List<String> texts =
        List.of(
            "<!channel>",
            "<@U1234567> and <!here|x>",
            "@channel @everyone @on-call",
            "a & b < c > d",
            "\"}} {\"text\":\"<!channel>\"}",
            "two\r\nlines\u2028more",
            "<https://evil.example|click>",
            "x".repeat(10_000),
            "\uD83D\uDE80".repeat(3_000),
            "\u0000\u0007");
    try (TestSink sink = bot("user_mentions: [perf-team]\n")) {
      for (int i = 0; i < texts.size(); i++) {
        Violation violation = violation("run " + texts.get(i), i, ViolationState.RESOLVED);
        violation.setState(ViolationState.OPENED);
        violation.setTestName(texts.get(i));
        violation.setMessage(texts.get(i));
        assertThat(sink.deliver(Feed.VIOLATIONS, violation)).isEqualTo(Delivery.accepted());
      }
    }
    assertThat(slack.roots()).hasSize(texts.size()).noneMatch(SlackStub.Posted::pings);
    assertThat(slack.replies())
        .hasSize(texts.size())
        .allSatisfy(
            each -> {
              assertThat(each.text()).endsWith("\n@perf-team").doesNotContain("<");
              assertThat(each.text().replace("\n@perf-team", "")).doesNotContainPattern("@[a-z]");
              assertThat(each.text().length()).isLessThan(4_100);
            });
  }

  @Test
  void understandsRefusalsInsideOfA200() throws Exception {
    try (TestSink sink = bot("")) {
      Violation opened = violation("r1", 1, ViolationState.OPENED);
      for (String error : List.of("invalid_auth", "is_archived", "missing_scope")) {
        slack.failWith(error);
        assertThat(sink.deliver(Feed.VIOLATIONS, opened))
            .isInstanceOfSatisfying(
                Delivery.Misconfigured.class, stuck -> assertThat(stuck.reason()).contains(error));
        assertThatThrownBy(() -> sink.sink().check()).hasMessageContaining(error);
      }
      slack.failWith("ratelimited");
      assertThat(sink.deliver(Feed.VIOLATIONS, opened)).isInstanceOf(Delivery.Retry.class);
      slack.failWith("");
      target.failNext(Fault.THROTTLED);
      assertThat(sink.deliver(Feed.VIOLATIONS, opened))
          .isEqualTo(new Delivery.Retry("HTTP 429: slow down", Optional.of(Duration.ofSeconds(2))));
      assertThat(sink.deliver(Feed.VIOLATIONS, opened)).isEqualTo(Delivery.accepted());
    }
    assertThat(slack.messages()).hasSize(2);
  }

  @Test
  void anArchivedChannelStopsTheWebhookAsWell() throws Exception {
    try (TestSink sink = webhook("")) {
      sink.sink().check();
      slack.archive();
      assertThat(sink.deliver(Feed.VIOLATIONS, violation("r1", 1, ViolationState.OPENED)))
          .isInstanceOf(Delivery.Misconfigured.class);
      assertThatThrownBy(() -> sink.sink().check()).hasMessageContaining("channel_is_archived");
    }
    assertThat(slack.messages()).isEmpty();
  }

  @Test
  void keepsItsPace() throws Exception {
    try (TestSink sink = bot("pace: 100ms\nthread_replies: false\n")) {
      long start = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        sink.deliver(Feed.VIOLATIONS, violation("r1", i, ViolationState.OPENED));
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
    }
  }

  @Test
  void drawsThePercentileOverTheRun() throws Exception {
    try (TestSink sink = bot("")) {
      for (int second = 0; second < 400; second++) {
        Aggregate window = TestAggregates.window("r1", "*", second * 1_000_000L, 5);
        window.getResponseTime().setP95Micros(second < 200 ? 10_000L : 80_000L);
        sink.deliver(Feed.AGGREGATES, window);
      }
      sink.deliver(Feed.SUMMARIES, TestRuns.passed("r1"));
    }
    assertThat(slack.replies().get(0).footer())
        .containsPattern("p95 \u2581{18,20}\u2588{18,22} 10 to 80 ms");
    assertThat(slack.replies().get(0).colour()).isEqualTo(Colour.GREEN.code());
  }

  @Test
  void checksWithoutATrace() throws Exception {
    try (TestSink named = bot("channel: \"#performance\"\n")) {
      named.sink().check();
    }
    try (TestSink nowhere = bot("channel: \"#nowhere\"\n")) {
      assertThatThrownBy(() -> nowhere.sink().check()).hasMessageContaining("#nowhere");
    }
    assertThat(slack.messages()).isEmpty();
    assertThat(target.requests()).noneMatch(SlackStub::changes);
  }

  private static Violation violation(String run, int episode, ViolationState state) {
    // Each state has a number of its own, and they grow.
    int sequence = state == ViolationState.OPENED ? 0 : state == ViolationState.UPDATED ? 1 : 2;
    Violation violation = TestRuns.violation(run, state, sequence);
    violation.setEpisode(episode);
    violation.setId(run + "/latency/" + episode);
    return violation;
  }

  private TestSink bot(String options) {
    StringBuilder block = new StringBuilder(options);
    block.append("bot_token: t\napi_url: ").append(target.url()).append("/api\n");
    if (!options.contains("channel:")) {
      block.append("channel: C01234567\n");
    }
    if (!options.contains("pace:")) {
      block.append("pace: 0ms\n");
    }
    return TestSink.open(new SlackSinkProvider(), block.toString(), journal);
  }

  private TestSink webhook(String options) {
    String block = "webhook: " + target.url() + SlackStub.HOOK + "\npace: 0ms\n" + options;
    return TestSink.open(new SlackSinkProvider(), block, journal);
  }
}
