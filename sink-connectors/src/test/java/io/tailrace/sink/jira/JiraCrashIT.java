package io.tailrace.sink.jira;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.CrashContract;
import io.tailrace.sink.TestRuns;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.provider.SinkProvider;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** A hundred violations of ten runs are a hundred issues. */
class JiraCrashIT extends CrashContract {
  private final JiraStub jira = new JiraStub(Deployment.CLOUD);

  @BeforeEach
  void lag() {
    jira.indexLag(Duration.ofMillis(150));
  }

  @Override
  protected SinkProvider provider() {
    return new JiraSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) {
    return jira.answer(request);
  }

  @Override
  protected boolean isChange(Request request) {
    return JiraStub.changes(request);
  }

  @Override
  protected String block(URI target) {
    return """
    url: %s
    deployment: cloud
    username: me@example.com
    api_token: t
    issue_creation:
      project: PERF
      per: episode
      index_patience: 1s
      template: {summary: "{{violation_id}}"}
    """
        .formatted(target);
  }

  @Override
  protected List<Violation> violations() {
    return IntStream.range(0, VIOLATIONS)
        .mapToObj(
            i -> {
              Violation violation = TestRuns.violation("run-" + i % 10, ViolationState.OPENED, 0);
              violation.setEpisode(i);
              violation.setId("run-" + i % 10 + "/latency/" + i);
              return violation;
            })
        .toList();
  }

  @Override
  protected int stored() {
    return jira.issues().size();
  }

  @Override
  protected void assertEachOnceAndAsItIs() {
    assertThat(jira.issues())
        .extracting(JiraStub.Issue::summary)
        .containsExactlyInAnyOrderElementsOf(violations().stream().map(Violation::getId).toList());
    assertThat(jira.issues()).allMatch(issue -> issue.comments.isEmpty());
  }
}
