package io.tailrace.sink.jira;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.SinkUnderFire;
import io.tailrace.sink.TestRuns;
import io.tailrace.sink.TestSink;
import io.tailrace.sink.contract.StubTarget;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.OnceJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred violations, whatever happens meanwhile, are a hundred issues. */
@Timeout(180)
class JiraCrashIT {
  private static final String OPTIONS =
      """
      deployment: cloud
      username: me@example.com
      api_token: t
      issue_creation:
        project: PERF
        per: episode
        index_patience: 3s
        template: {summary: "{{violation_id}}"}
      """;

  private final JiraStub jira = new JiraStub(Deployment.CLOUD);

  @Test
  void throughKillsStopsAndLostAnswers(@TempDir Path folder) throws Exception {
    jira.indexLag(Duration.ofMillis(500));
    List<Violation> violations = violations();
    try (SinkUnderFire fire = new SinkUnderFire(folder, jira::answer, JiraStub::changes)) {
      String block =
          "jira:\n"
              + ("url: "
                      + fire.target().url()
                      + "\n"
                      + OPTIONS
                      + "retry: {delay: 50ms, max_delay: 300ms}\nmax_attempts: 100000\n")
                  .indent(2);
      fire.deliver(violations, block, () -> jira.issues().size());
      assertThat(fire.lost()).isPositive();
    }
    assertThat(jira.issues())
        .extracting(JiraStub.Issue::summary)
        .containsExactlyInAnyOrderElementsOf(violations.stream().map(Violation::getId).toList());
    assertThat(jira.issues()).allMatch(issue -> issue.comments.isEmpty());
  }

  @Test
  void countsWhatWasInDoubt() throws Exception {
    Random random = new Random(11);
    AtomicInteger lost = new AtomicInteger();
    StubTarget.Vendor losing =
        request -> {
          StubTarget.Answer answer = jira.answer(request);
          if (JiraStub.changes(request) && random.nextInt(10) == 0) {
            lost.incrementAndGet();
            throw new IOException("lost on its way back");
          }
          return answer;
        };
    try (StubTarget target = StubTarget.start(losing);
        TestSink sink =
            TestSink.open(
                new JiraSinkProvider(),
                "url: " + target.url() + "\n" + OPTIONS,
                OnceJournal.inMemory())) {
      for (Violation violation : violations()) {
        while (!isDelivered(sink, violation)) {
          Thread.onSpinWait();
        }
      }
      assertThat(lost).hasPositiveValue();
      assertThat(sink.metric("tailrace_sink_unanswered_total")).isEqualTo(lost.get());
    }
    assertThat(jira.issues()).hasSize(100);
  }

  private static boolean isDelivered(TestSink sink, Violation violation) throws Exception {
    try {
      return sink.deliver(Feed.VIOLATIONS, violation).equals(Delivery.accepted());
    } catch (IOException e) {
      return false;
    }
  }

  private static List<Violation> violations() {
    return IntStream.range(0, 100)
        .mapToObj(
            i -> {
              Violation violation = TestRuns.violation("run-" + i % 10, ViolationState.OPENED, 0);
              violation.setEpisode(i);
              violation.setId("run-" + i % 10 + "/latency/" + i);
              return violation;
            })
        .toList();
  }
}
