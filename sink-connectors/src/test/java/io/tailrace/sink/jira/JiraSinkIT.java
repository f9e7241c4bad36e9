package io.tailrace.sink.jira;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.record.RunSummary;
import io.tailrace.record.Severity;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JiraSinkIT {
  private static final String TOLD = "p95 is 731.5ms";

  private final JiraStub jira = new JiraStub(Deployment.CLOUD);
  private final StubTarget target = StubTarget.start(jira::answer);
  private final OnceJournal journal = OnceJournal.inMemory();

  @AfterEach
  void close() {
    assertThat(target.strangers()).isEmpty();
    target.close();
  }

  @Test
  void filesOneIssueForAFailedRunAsTheUsersTemplateSays() throws Exception {
    String block =
        """
        url: URL
        deployment: cloud
        username: "{{env.JIRA_USER}}"
        api_token: "{{env.JIRA_TOKEN}}"

        issue_creation:
          enabled: true
          project: "PERF"
          issue_type: "Bug"

          conditions:
            - sla_violations: true
            - error_rate: "> 5"

          template:
            summary: "Performance degradation detected in {{test_name}}"
            description: |
              Performance test results indicate issues:

              h3. Test Details
              * Test Name: {{test_name}}
              * Duration: {{duration}}
              * Environment: {{environment}}

              h3. Metrics
              * Response Time P95: {{metrics.response_time_p95}}ms
              * Throughput: {{metrics.throughput}} req/s
              * Error Rate: {{metrics.error_rate}}%

              h3. SLA Violations
              {{#each sla_violations}}
              * {{this.metric}}: {{this.actual}} (threshold: {{this.threshold}})
              {{/each}}

              [View Full Report|{{report_url}}]

            labels: ["performance", "automated"]
            assignee: "performance-team"
        """
            .replace("URL", target.url().toString());
    Map<String, String> environment = Map.of("JIRA_USER", "me@example.com", "JIRA_TOKEN", "t");
    try (TestSink sink = TestSink.open(new JiraSinkProvider(), block, environment, journal)) {
      RunSummary failed = TestRuns.failed("r1");
      assertThat(sink.deliver(Feed.SUMMARIES, TestRuns.passed("r0"), failed, failed))
          .isEqualTo(Delivery.accepted());
    }

    JiraStub.Issue issue = jira.only();
    assertThat(issue.summary()).isEqualTo("Performance degradation detected in checkout");
    assertThat(issue.description())
        .isEqualTo(
            """
            Performance test results indicate issues:

            h3. Test Details
            * Test Name: checkout
            * Duration: 1s500ms
            * Environment: staging

            h3. Metrics
            * Response Time P95: 9.5ms
            * Throughput: 7.1 req/s
            * Error Rate: 0%

            h3. SLA Violations
            * response\\_time\\_p95: 731.5 (threshold: 500)

            [View Full Report|https://reports.example.com/r1]
            """);
    assertThat(issue.labels()).startsWith("performance", "automated").hasSize(3);
    assertThat(issue.fields.path("assignee").path("accountId").asText()).isNotEmpty();
    assertThat(issue.fields.path("priority").path("name").asText()).isEqualTo("Highest");
    assertThat(issue.comments).isEmpty();
  }

  @Test
  void anyConditionIsEnough() throws Exception {
    String conditions = "  conditions:\n    - sla_violations: true\n    - error_rate: \"> 5\"\n";
    try (TestSink sink = open("run", conditions)) {
      RunSummary calm = TestRuns.passed("r1");
      calm.setErrors(0);
      RunSummary broken = TestRuns.passed("r2");
      broken.setErrors(1);
      assertThat(sink.deliver(Feed.SUMMARIES, calm, broken)).isEqualTo(Delivery.accepted());
    }
    assertThat(jira.only().description()).contains("r2");
  }

  @Test
  void aCorrectedRunIsACommentWhenItsResultChanges() throws Exception {
    try (TestSink sink = open("run", "")) {
      RunSummary worse = TestRuns.violating("r1", 2);
      worse.setRevision(1);
      RunSummary same = TestRuns.violating("r1", 2);
      same.setRevision(2);
      RunSummary better = TestRuns.passed("r1");
      better.setRevision(3);
      better.setVerdict(Verdict.INCOMPLETE);
      for (int time = 0; time < 2; time++) {
        sink.deliver(Feed.SUMMARIES, TestRuns.failed("r1"), worse, same, better);
      }
    }
    assertThat(jira.only().comments).hasSize(2);
  }

  @Test
  void anEpisodeIsOneIssueUntilItIsOver() throws Exception {
    try (TestSink sink = open("episode", "  resolve_transition: done\n")) {
      for (int time = 0; time < 3; time++) {
        sink.deliver(
            Feed.VIOLATIONS,
            violation("r1", 1, ViolationState.OPENED, 0),
            violation("r1", 1, ViolationState.UPDATED, 1));
        sink.deliver(Feed.VIOLATIONS, violation("r1", 1, ViolationState.RESOLVED, 2));
      }
    }
    assertThat(jira.only().description()).contains(TOLD);
    assertThat(jira.only().comments).hasSize(2);
    assertThat(jira.only().status).isEqualTo("Done");
  }

  @Test
  void anEpisodeThatGetsBadEnoughIsFiledThen() throws Exception {
    try (TestSink sink = open("episode", "  conditions: [\"p95 > 900ms\"]\n")) {
      Violation worse = violation("r1", 1, ViolationState.UPDATED, 1);
      worse.setActual(950);
      for (int time = 0; time < 2; time++) {
        sink.deliver(Feed.VIOLATIONS, violation("r1", 1, ViolationState.OPENED, 0), worse);
      }
    }
    assertThat(jira.only().comments).isEmpty();
  }

  @Test
  void anObjectiveHasOneOpenIssueAcrossRuns() throws Exception {
    String options = "  resolve_transition: close it\n";
    try (TestSink sink = open("objective", options)) {
      sink.deliver(Feed.VIOLATIONS, violation("night-1", 1, ViolationState.OPENED, 0));
      for (int time = 0; time < 2; time++) {
        sink.deliver(Feed.VIOLATIONS, violation("night-2", 1, ViolationState.OPENED, 0));
      }
      assertThat(jira.only().comments).singleElement().asString().contains("night\\-2");

      sink.deliver(Feed.VIOLATIONS, violation("night-1", 1, ViolationState.RESOLVED, 1));
      assertThat(jira.only().status).isEqualTo("To Do");
      sink.deliver(Feed.VIOLATIONS, violation("night-2", 1, ViolationState.RESOLVED, 1));
      assertThat(jira.only().status).isEqualTo("Done");
      assertThat(jira.only().comments).hasSize(3);

      for (int time = 0; time < 2; time++) {
        sink.deliver(Feed.VIOLATIONS, violation("night-3", 1, ViolationState.OPENED, 0));
      }
    }
    assertThat(jira.issues()).hasSize(2);
    assertThat(jira.issues().get(1).comments).isEmpty();
  }

  @Test
  void anOpenIssueIsFoundWhenTheMemoryOfItIsLost() throws Exception {
    try (TestSink sink = open("objective", "")) {
      sink.deliver(Feed.VIOLATIONS, violation("night-1", 1, ViolationState.OPENED, 0));
    }
    String block = block("objective", "");
    try (TestSink later = TestSink.open(new JiraSinkProvider(), block, OnceJournal.inMemory())) {
      later.deliver(Feed.VIOLATIONS, violation("night-2", 1, ViolationState.OPENED, 0));
    }
    assertThat(jira.only().comments).hasSize(1);
  }

  @Test
  void anIssueWhoseCreationWasNotAnsweredIsWaitedForAndNotFiledAgain() throws Exception {
    jira.indexLag(Duration.ofMillis(700));
    try (TestSink sink = open("episode", "  index_patience: 30s\n")) {
      target.failNext(Fault.ANSWER_LOST);
      assertThatThrownBy(() -> opened(sink)).isInstanceOf(IOException.class);
      assertThat(opened(sink)).isEqualTo(Delivery.accepted());
      assertThat(sink.metric("tailrace_sink_unanswered_total")).isEqualTo(1);
    }
    assertThat(jira.issues()).hasSize(1);
  }

  @Test
  void aCommentThatWasNotAnsweredIsNotMadeAgain() throws Exception {
    try (TestSink sink = open("episode", "")) {
      opened(sink);
      target.failNext(Fault.ANSWER_LOST);
      Violation worse = violation("r1", 1, ViolationState.UPDATED, 1);
      assertThatThrownBy(() -> sink.deliver(Feed.VIOLATIONS, worse))
          .isInstanceOf(IOException.class);
      sink.deliver(Feed.VIOLATIONS, worse);
      assertThat(sink.metric("tailrace_sink_unanswered_total")).isEqualTo(1);
    }
    assertThat(jira.only().comments).hasSize(1);
  }

  @Test
  void whatJiraRefusedToBeginWithIsNotLookedFor() throws Exception {
    try (TestSink sink = open("episode", "  index_patience: 10m\n")) {
      target.failNext(Fault.THROTTLED);
      assertThat(opened(sink))
          .isInstanceOfSatisfying(
              Delivery.Retry.class,
              retry -> assertThat(retry.after()).contains(Duration.ofSeconds(2)));
      assertThat(opened(sink)).isEqualTo(Delivery.accepted());
    }
    assertThat(target.requests()).noneMatch(request -> request.path().contains("search"));
  }

  @Test
  void aProjectThatTakesNoSuchIssueIsMisconfiguredAndNoRecordIsToBlame() throws Exception {
    jira.require("customfield_10010");
    try (TestSink sink = open("episode", "")) {
      assertThat(opened(sink))
          .isInstanceOfSatisfying(
              Delivery.Misconfigured.class,
              stuck -> assertThat(stuck.reason()).contains("customfield_10010 is required"));
      assertThatThrownBy(() -> sink.sink().check())
          .hasMessageContaining("customfield_10010")
          .hasMessageContaining("issue_creation.fields");
    }
    String mended = "  index_patience: 0s\n  fields:\n    customfield_10010: {value: Payments}\n";
    try (TestSink sink = open("episode", mended)) {
      assertThat(opened(sink)).isEqualTo(Delivery.accepted());
      sink.sink().check();
    }
    jira.withoutType("Bug");
    try (TestSink sink = open("episode", "")) {
      assertThat(sink.deliver(Feed.VIOLATIONS, violation("r2", 1, ViolationState.OPENED, 0)))
          .isInstanceOf(Delivery.Misconfigured.class);
      assertThatThrownBy(() -> sink.sink().check())
          .hasMessageContaining("no issue type \"Bug\"")
          .hasMessageContaining("Task");
    }
    assertThat(jira.issues()).hasSize(1);
  }

  @Test
  void whatJiraItselfIsNotSetUpForWaitsAndAWorkflowThatRefusesIsPassedOver() throws Exception {
    jira.trouble(true);
    try (TestSink sink = open("episode", "  resolve_transition: Done\n")) {
      assertThat(opened(sink))
          .isInstanceOfSatisfying(
              Delivery.Misconfigured.class,
              stuck -> assertThat(stuck.reason()).contains("configuration problem"));
      jira.trouble(false);
      assertThat(opened(sink)).isEqualTo(Delivery.accepted());
      jira.trouble(true);
      assertThat(sink.deliver(Feed.VIOLATIONS, violation("r1", 1, ViolationState.RESOLVED, 1)))
          .isEqualTo(Delivery.accepted());
    }
    assertThat(jira.only().comments).hasSize(1);
    assertThat(jira.only().status).isEqualTo("To Do");
  }

  @Test
  void anIssueThatTakesNoMoreCommentsSetsTheRecordAside() throws Exception {
    jira.takeComments(0);
    try (TestSink sink = open("episode", "")) {
      opened(sink);
      assertThat(
              sink.deliver(
                  Feed.VIOLATIONS,
                  violation("r1", 1, ViolationState.UPDATED, 1),
                  violation("r2", 1, ViolationState.OPENED, 0)))
          .isInstanceOfSatisfying(
              Delivery.PartlyRejected.class,
              partly ->
                  assertThat(partly.rejections())
                      .singleElement()
                      .satisfies(each -> assertThat(each.reason()).contains("per-issue limit")));
    }
    assertThat(jira.issues()).hasSize(2);
  }

  @Test
  void anIssueWithoutPriorityOrAssigneeBeatsNone() throws Exception {
    jira.withoutPriorities();
    try (TestSink sink = open("episode", "  template:\n    assignee: nobody\n")) {
      assertThat(opened(sink)).isEqualTo(Delivery.accepted());
    }
    assertThat(jira.only().fields.has("priority")).isFalse();
    assertThat(jira.only().fields.has("assignee")).isFalse();
  }

  @Test
  void prioritiesFollowSeverity() throws Exception {
    try (TestSink sink = open("episode", "  priorities: {warning: Medium}\n")) {
      Violation warning = violation("r1", 1, ViolationState.OPENED, 0);
      warning.getObjective().setSeverity(Severity.WARNING);
      sink.deliver(Feed.VIOLATIONS, warning, violation("r1", 2, ViolationState.OPENED, 0));
    }
    assertThat(jira.issues().get(0).fields.path("priority").path("name").asText())
        .isEqualTo("Medium");
    assertThat(jira.issues().get(1).fields.has("priority")).isFalse();
  }

  @Test
  void anyTextIsFiledAndMeansNothingToJira() throws Exception {
    List<String> texts =
        List.of(
            "quotes \" and ' and \\",
            "two\r\nlines\nand\u2028more",
            "<@U1> [~admin] !x! {code}",
            "\"}} {\"fields\":{}}",
            "\" OR 1=1",
            "h1. heading",
            "x".repeat(10_000),
            "\uD83D\uDE80".repeat(200),
            "\u0000\u0007");
    String template = "  template:\n    labels: [\"{{test_name}}\", \"two words\"]\n";
    try (TestSink sink = open("objective", template)) {
      for (int i = 0; i < texts.size(); i++) {
        Violation violation = violation("r" + i, 1, ViolationState.OPENED, 0);
        violation.setTestName(texts.get(i));
        violation.setMessage(texts.get(i));
        assertThat(sink.deliver(Feed.VIOLATIONS, violation)).isEqualTo(Delivery.accepted());
      }
    }
    assertThat(jira.issues()).hasSize(texts.size());
    assertThat(jira.issues())
        .allSatisfy(
            issue -> {
              assertThat(issue.labels()).contains("two-words");
              assertThat(issue.description())
                  .doesNotContain("{code}", "!x!", "\r")
                  .doesNotContainPattern("(?m)^h1\\.")
                  .doesNotContainPattern("(?<!\\\\)\\[~");
            });
  }

  @Test
  void aRefusedRecordStandsAlone() throws Exception {
    jira.refuse("r2");
    String template = "  template:\n    summary: \"{{run_id}}\"\n";
    try (TestSink sink = open("episode", template)) {
      assertThat(
              sink.deliver(
                  Feed.VIOLATIONS,
                  violation("r1", 1, ViolationState.OPENED, 0),
                  violation("r2", 1, ViolationState.OPENED, 0),
                  violation("r3", 1, ViolationState.OPENED, 0)))
          .isInstanceOfSatisfying(
              Delivery.PartlyRejected.class,
              partly ->
                  assertThat(partly.rejections())
                      .singleElement()
                      .satisfies(
                          rejection -> {
                            assertThat(rejection.index()).isEqualTo(1);
                            assertThat(rejection.reason()).contains("not to this Jira's liking");
                          }));
    }
    assertThat(jira.issues()).extracting(JiraStub.Issue::summary).containsExactly("r1", "r3");
  }

  @Test
  void whatIsAddedToADeletedIssueIsPassedOver() throws Exception {
    try (TestSink sink = open("episode", "  resolve_transition: Done\n")) {
      opened(sink);
      jira.delete("PERF-1");
      assertThat(sink.deliver(Feed.VIOLATIONS, violation("r1", 1, ViolationState.RESOLVED, 1)))
          .isEqualTo(Delivery.accepted());
    }
  }

  @Test
  void anObjectiveWhoseIssueWasDeletedGetsAnother() throws Exception {
    try (TestSink sink = open("objective", "")) {
      sink.deliver(Feed.VIOLATIONS, violation("night-1", 1, ViolationState.OPENED, 0));
      jira.delete("PERF-1");
      for (int time = 0; time < 2; time++) {
        sink.deliver(Feed.VIOLATIONS, violation("night-2", 1, ViolationState.OPENED, 0));
      }
    }
    assertThat(jira.only().key).isEqualTo("PERF-2");
    assertThat(jira.only().comments).isEmpty();
  }

  @Test
  void worksWithDataCenter() throws Exception {
    JiraStub home = new JiraStub(Deployment.DATA_CENTER);
    try (StubTarget there = StubTarget.start(home::answer)) {
      String block =
          "url: %s\napi_token: pat\nissue_creation:\n  project: PERF\n  per: objective\n"
                  .formatted(there.url())
              + "  index_patience: 10s\n  template:\n    assignee: performance-team\n";
      home.indexLag(Duration.ofMillis(300));
      try (TestSink sink = TestSink.open(new JiraSinkProvider(), block, journal)) {
        sink.sink().check();
        assertThat(home.issues()).isEmpty();
        // The first two requests look for the assignee and for an open issue.
        opened(sink);
      }
      assertThat(there.strangers()).isEmpty();
      assertThat(home.only().fields.path("assignee").path("name").asText())
          .isEqualTo("performance-team");
      assertThat(there.requests())
          .anyMatch(request -> request.is("POST", "/rest/api/2/search"))
          .allMatch(request -> request.header("authorization").equals("Bearer pat"));
    }
  }

  @Test
  void checksWithoutATrace() throws Exception {
    try (TestSink sink = open("run", "")) {
      sink.sink().check();
      target.failAlways(Fault.UNAUTHORIZED);
      assertThatThrownBy(() -> sink.sink().check()).hasMessageContaining("401");
    }
    assertThat(jira.issues()).isEmpty();
    assertThat(target.requests()).noneMatch(JiraStub::changes);
  }

  private static Delivery opened(TestSink sink) throws Exception {
    return sink.deliver(Feed.VIOLATIONS, violation("r1", 1, ViolationState.OPENED, 0));
  }

  private static Violation violation(String run, int episode, ViolationState state, int sequence) {
    Violation violation = TestRuns.violation(run, state, sequence);
    violation.setEpisode(episode);
    violation.setId(run + "/latency/" + episode);
    return violation;
  }

  private TestSink open(String per, String options) {
    return TestSink.open(new JiraSinkProvider(), block(per, options), journal);
  }

  private String block(String per, String options) {
    return "url: %s\ndeployment: cloud\nusername: me@example.com\napi_token: t\n"
            .formatted(target.url())
        + "issue_creation:\n  project: PERF\n  per: %s\n".formatted(per)
        + options;
  }
}
