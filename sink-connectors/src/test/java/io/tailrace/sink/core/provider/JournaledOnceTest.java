package io.tailrace.sink.core.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.sink.core.provider.Once.Found;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JournaledOnceTest {
  private final CollectorRegistry registry = new CollectorRegistry();
  private final SinkMetrics metrics = SinkMetrics.of("tickets", registry);
  private final FailingJournal journal = new FailingJournal();
  private final Tracker tracker = new Tracker();

  @Test
  void doesItOnceAndRemembersTheOutcome() throws Exception {
    assertThat(once().perform("a", tracker)).isEqualTo("T-1");
    assertThat(once().perform("a", tracker)).isEqualTo("T-1");
    assertThat(once().perform("b", tracker)).isEqualTo("T-2");
    assertThat(once().outcome("a")).contains("T-1");
    assertThat(once().outcome("c")).isEmpty();
    assertThat(tracker.issues).containsExactly("T-1", "T-2");
  }

  /** A crash, or a lost write, at every one of the moments there are. */
  @Test
  void whateverBreaksItIsDoneOnce() throws Exception {
    for (int moment = 0; moment < 3; moment++) {
      for (boolean answerLost : new boolean[] {false, true}) {
        Tracker own = new Tracker();
        String key = "act-" + moment + answerLost;
        journal.failAfter = moment;
        own.loseAnswer = answerLost;
        for (int life = 0; life < 4 && once().outcome(key).isEmpty(); life++) {
          try {
            String unused = once().perform(key, own);
          } catch (IOException e) {
            journal.failAfter = Integer.MAX_VALUE;
          }
        }
        assertThat(own.issues).as(key).hasSize(1);
        assertThat(once().outcome(key)).as(key).contains("T-1");
      }
    }
  }

  @Test
  void whatTheTargetCannotSayIsCountedAndDecidedAsTheSinkWishes() throws Exception {
    tracker.answer = new Found.Unknown(false);
    tracker.loseAnswer = true;
    assertThatThrownBy(() -> once().perform("a", tracker)).isInstanceOf(IOException.class);
    assertThat(once().perform("a", tracker)).isEmpty();
    assertThat(tracker.issues).hasSize(1);

    tracker.answer = new Found.Unknown(true);
    tracker.loseAnswer = true;
    assertThatThrownBy(() -> once().perform("b", tracker)).isInstanceOf(IOException.class);
    assertThat(once().perform("b", tracker)).isEqualTo("T-3");
    assertThat(
            registry.getSampleValue(
                "tailrace_sink_ambiguous_total", new String[] {"sink"}, new String[] {"tickets"}))
        .isEqualTo(2);
  }

  /** A new life of the sink each time. */
  private JournaledOnce once() {
    return new JournaledOnce(journal, metrics);
  }

  private static final class Tracker implements Once.Act {
    private final List<String> issues = new ArrayList<>();
    private Found answer = new Found.Absent();
    private boolean loseAnswer;

    @Override
    public String act() throws IOException {
      issues.add("T-" + (issues.size() + 1));
      if (loseAnswer) {
        loseAnswer = false;
        throw new IOException("the answer was lost");
      }
      return issues.get(issues.size() - 1);
    }

    @Override
    public Found lookUp() {
      if (answer instanceof Found.Unknown) {
        return answer;
      }
      return issues.isEmpty() ? new Found.Absent() : new Found.Done(issues.get(0));
    }
  }

  private static final class FailingJournal implements OnceJournal {
    private final OnceJournal memory = OnceJournal.inMemory();
    private int failAfter = Integer.MAX_VALUE;

    @Override
    public Optional<OnceNote> read(String key) throws IOException, InterruptedException {
      return memory.read(key);
    }

    @Override
    public void write(String key, OnceNote note) throws IOException, InterruptedException {
      if (failAfter-- <= 0) {
        throw new IOException("the journal is away");
      }
      memory.write(key, note);
    }
  }
}
