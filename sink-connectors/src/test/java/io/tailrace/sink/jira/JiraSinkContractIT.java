package io.tailrace.sink.jira;

import io.tailrace.sink.ViolationContract;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.provider.SinkProvider;
import java.net.URI;
import java.util.List;

class JiraSinkContractIT extends ViolationContract {
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
  protected List<String> stored() {
    return jira.issues().stream().map(JiraStub.Issue::summary).toList();
  }

  @Override
  protected String told(String violation) {
    return violation;
  }

  @Override
  protected void refuse(String text) {
    jira.refuse(text);
  }
}
