package io.tailrace.sink.slack;

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

class SlackSinkContractIT extends SinkContract {
  private final SlackStub slack = new SlackStub();

  @Override
  protected SinkProvider provider() {
    return new SlackSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) {
    return slack.answer(request);
  }

  @Override
  protected String block(URI target) {
    return """
        bot_token: "{{env.SECRET_BOT_TOKEN}}"
        api_url: %s/api
        channel: C0123456
        thread_replies: false
        digest_above: 1000
        pace: 0ms
        notifications:
          sla_violations:
            message: "{{violation_id}}."
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
    return slack.messages().stream().map(SlackStub.Posted::text).toList();
  }

  @Override
  protected List<String> expected(Entry entry) {
    return List.of(((Violation) entry.value()).getId() + ".");
  }

  @Override
  protected void refuse(Entry entry) {
    slack.refuse(((Violation) entry.value()).getId() + ".");
  }
}
