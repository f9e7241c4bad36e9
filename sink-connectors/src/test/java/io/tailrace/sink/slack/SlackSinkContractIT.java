package io.tailrace.sink.slack;

import io.tailrace.sink.ViolationContract;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.provider.SinkProvider;
import java.io.IOException;
import java.net.URI;
import java.util.List;

class SlackSinkContractIT extends ViolationContract {
  private final SlackStub slack = new SlackStub();

  @Override
  protected SinkProvider provider() {
    return new SlackSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) throws IOException {
    return slack.answer(request);
  }

  @Override
  protected String block(URI target) {
    return """
    bot_token: "{{env.SECRET_BOT_TOKEN}}"
    api_url: %s/api
    channel: C01234567
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
  protected List<String> stored() {
    return slack.messages().stream().map(SlackStub.Posted::text).toList();
  }

  @Override
  protected String told(String violation) {
    return violation + ".";
  }

  @Override
  protected void refuse(String text) {
    slack.refuse(text);
  }
}
