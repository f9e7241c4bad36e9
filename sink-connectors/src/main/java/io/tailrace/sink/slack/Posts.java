package io.tailrace.sink.slack;

import io.prometheus.client.Counter;
import io.tailrace.sink.core.http.HttpFailure;
import io.tailrace.sink.core.provider.Once;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Messages said once, and no faster than Slack likes; one thread at a time. */
final class Posts {
  private static final String SHOWS = " shows ";

  private final Outlet outlet;
  private final Once once;
  private final Duration pace;
  private final Counter.Child unanswered;

  /** Attempts of this process that Slack certainly did not act on: nothing to look for. */
  private final Set<String> notDone = new HashSet<>();

  private long nextPost = System.nanoTime();

  Posts(Outlet outlet, Once once, Duration pace, Counter.Child unanswered) {
    this.outlet = outlet;
    this.once = once;
    this.pace = pace;
    this.unanswered = unanswered;
  }

  /** What is known of a message of that key: its timestamp, and what else it tells of. */
  Optional<String> posted(String key) throws IOException, InterruptedException {
    return once.outcome(key);
  }

  void remember(String key, String outcome) throws IOException, InterruptedException {
    once.remember(key, outcome);
  }

  String post(Message message) throws IOException, InterruptedException {
    return once.perform(
        message.key(),
        new Once.Act() {
          @Override
          public String act() throws IOException, InterruptedException {
            awaitTurn();
            return send(message);
          }

          @Override
          public Once.Found lookUp() throws IOException, InterruptedException {
            return notDone.remove(message.key()) ? new Once.Found.Absent() : outlet.find(message);
          }
        });
  }

  /**
   * Changes a message unless it shows this state, or a later one, already. Changing it twice does
   * no harm, but a batch of many that begins again after each lost answer would never end.
   *
   * @param outcome what is known of the message
   * @param number grows with every state
   */
  void update(String outcome, int number, Message message)
      throws IOException, InterruptedException {
    if (!outlet.isLasting() || outcome.isEmpty() || number <= shown(outcome)) {
      return;
    }
    awaitTurn();
    try {
      outlet.update(timestamp(outcome), message);
    } catch (HttpFailure e) {
      unanswered.inc(e.isMaybeReceived() ? 1 : 0);
      throw e;
    }
    once.remember(message.key(), timestamp(outcome) + SHOWS + number);
  }

  /** The number of the state that a message was last changed to; 0 for one as it was posted. */
  private static int shown(String outcome) {
    int at = outcome.indexOf(SHOWS);
    return at < 0 ? 0 : Integer.parseInt(outcome.substring(at + SHOWS.length()));
  }

  static String timestamp(String outcome) {
    int space = outcome.indexOf(' ');
    return space < 0 ? outcome : outcome.substring(0, space);
  }

  private String send(Message message) throws IOException, InterruptedException {
    try {
      String ts = outlet.post(message);
      return message.folds().isEmpty() ? ts : ts + " " + String.join(" ", message.folds());
    } catch (SlackRefusal e) {
      if (e.isSurelyNotDone()) {
        notDone.add(message.key());
      }
      throw e;
    } catch (HttpFailure e) {
      if (e.isMaybeReceived()) {
        unanswered.inc();
      } else {
        notDone.add(message.key());
      }
      throw e;
    }
  }

  private void awaitTurn() throws InterruptedException {
    long wait = nextPost - System.nanoTime();
    if (wait > 0) {
      Thread.sleep(Duration.ofNanos(wait).toMillis() + 1);
    }
    nextPost = System.nanoTime() + pace.toNanos();
  }
}
