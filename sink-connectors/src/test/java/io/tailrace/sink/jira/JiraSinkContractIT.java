package io.tailrace.sink.jira;

import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.TestRuns;
import io.tailrace.sink.contract.SinkContract;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.SinkProvider;
import java.net.URI;
import java.util.List;

class JiraSinkContractIT extends SinkContract {
  private final JiraStub jira = new JiraStub(Deployment.CLOUD);

  @Override
  protected SinkProvider provider() {
    return new JiraSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) {
    return jira.answer(request);
  }

  @Override
  protected String block(URI target) {
    return """
        url: %s
        deployment: cloud
        username: robot@example.com
        api_token: "{{env.SECRET_JIRA_TOKEN}}"
        issue_creation:
          project: PERF
          per: episode
          index_patience: 100ms
          template:
            summary: "{{violation_id}}"
        """
        .formatted(target);
  }

  @Override
  protected Entry record(int number) {
    Violation violation = TestRuns.violation("r1", ViolationState.OPENED, 0);
    violation.setId("r1/latency/" + (1_000 + number));
    return new Entry(Feed.VIOLATIONS, violation);
  }

  @Override
  protected List<String> stored() {
    return jira.issues().stream().map(JiraStub.Issue::summary).toList();
  }

  @Override
  protected List<String> expected(Entry entry) {
    return List.of(((Violation) entry.value()).getId());
  }

  @Override
  protected void refuse(Entry entry) {
    jira.refuse(((Violation) entry.value()).getId());
  }
}
