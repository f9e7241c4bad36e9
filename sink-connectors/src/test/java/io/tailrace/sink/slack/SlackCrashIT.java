package io.tailrace.sink.slack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.CrashContract;
import io.tailrace.sink.TestRuns;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.provider.SinkProvider;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A hundred violations of a run are a hundred messages in its one thread; those that get worse or
 * are over say so in the end.
 */
class SlackCrashIT extends CrashContract {
  private static final String OVER = "\u2705 ~";
  private static final ViolationState[] LAST = {
    ViolationState.OPENED, ViolationState.UPDATED, ViolationState.RESOLVED
  };

  private final SlackStub slack = new SlackStub();
  private final Map<String, String> expected = expected();

  @Override
  protected SinkProvider provider() {
    return new SlackSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) throws IOException {
    return slack.answer(request);
  }

  @Override
  protected boolean isChange(Request request) {
    return SlackStub.changes(request);
  }

  @Override
  protected String block(URI target) {
    return """
    bot_token: t
    api_url: %s/api
    channel: C01234567
    digest_above: 1000
    sparkline: false
    pace: 0ms
    notifications:
      sla_violations:
        message: "{{violation_id}} {{violation_details}}"
    """
        .formatted(target);
  }

  @Override
  protected List<Violation> violations() {
    List<Violation> violations = new ArrayList<>();
    for (int i = 0; i < VIOLATIONS; i++) {
      for (int sequence = 0; sequence <= i % LAST.length; sequence++) {
        Violation violation = TestRuns.violation("r1", LAST[sequence], sequence);
        violation.setEpisode(i);
        violation.setId("r1/latency/" + i);
        violation.setMessage("state " + sequence);
        violations.add(violation);
      }
    }
    return violations;
  }

  /** The text that each message has in the end, by the violation it tells of. */
  private Map<String, String> expected() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Violation each : violations()) {
      String text = each.getId() + " " + each.getMessage();
      boolean over = each.getState() == ViolationState.RESOLVED;
      texts.put(each.getId(), over ? OVER + text + "~" : text);
    }
    return texts;
  }

  private static String id(String text) {
    String bare = text.startsWith(OVER) ? text.substring(OVER.length()) : text;
    return bare.split(" ", 2)[0];
  }

  @Override
  protected int stored() {
    return (int)
        slack.replies().stream()
            .map(SlackStub.Posted::text)
            .filter(text -> text.equals(expected.get(id(text))))
            .count();
  }

  @Override
  protected void assertEachOnceAndAsItIs() {
    assertThat(slack.roots()).hasSize(1);
    assertThat(slack.replies()).allMatch(each -> each.thread.equals(slack.roots().get(0).ts));
    assertThat(slack.replies())
        .extracting(SlackStub.Posted::text)
        .containsExactlyInAnyOrderElementsOf(expected.values());
  }
}
