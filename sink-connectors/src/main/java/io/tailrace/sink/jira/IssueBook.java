package io.tailrace.sink.jira;

import io.tailrace.record.Severity;
import io.tailrace.sink.core.http.HttpFailure;
import io.tailrace.sink.core.provider.Once;
import io.tailrace.sink.core.template.Template;
import io.tailrace.sink.core.template.TemplateModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files issues and comments once: an intent before, an outcome after, and where a crash or a lost
 * answer leaves the two apart, a look at what Jira has.
 */
final class IssueBook {
  private static final String MARK = "tailrace-";
  private static final int MARK_BYTES = 10;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Duration LOOK_AGAIN_AT_MOST = Duration.ofSeconds(5);

  /**
   * An issue, and what it was filed for.
   *
   * @param by which record it was filed for, so that the same record is not added to it
   */
  record Filed(String issue, String by) {
    static Filed of(String outcome) {
      int space = outcome.indexOf(' ');
      return new Filed(outcome.substring(0, space), outcome.substring(space + 1));
    }

    String outcome() {
      return issue + " " + by;
    }
  }

  private final JiraApi api;
  private final Once once;
  private final IssueConfig config;
  private final Assignees assignees;

  /** Attempts of this process that Jira certainly did not act on: nothing to look for. */
  private final Set<String> notDone = ConcurrentHashMap.newKeySet();

  IssueBook(JiraApi api, Once once, IssueConfig config) {
    this.api = api;
    this.once = once;
    this.config = config;
    this.assignees = new Assignees(api, config.project(), config.texts().assignee());
  }

  Optional<Filed> filed(String name) throws IOException, InterruptedException {
    return once.outcome(issueKey(name)).map(Filed::of);
  }

  /**
   * The issue of that name, filed now unless it was before.
   *
   * @param more a label that issues of different names share
   */
  Filed file(String name, String by, Optional<String> more, TemplateModel model, Severity severity)
      throws IOException, InterruptedException {
    String mark = mark(name);
    List<String> labels = new ArrayList<>(config.texts().labels(model));
    labels.add(mark);
    more.ifPresent(labels::add);
    IssueDraft draft =
        new IssueDraft(
            config.project(),
            config.type(),
            Texts.summary(config.texts().summary().render(model)),
            Texts.body(config.texts().description().render(model)),
            labels,
            assignees.assignee(),
            config.priority(severity),
            config.fields());
    String outcome =
        perform(
            issueKey(name),
            () -> new Filed(api.create(draft), by).outcome(),
            () -> search(mark).map(issue -> new Filed(issue, by).outcome()));
    return Filed.of(outcome);
  }

  /** Adds a comment of that name, once. */
  void comment(String issue, String name, Template text, TemplateModel model)
      throws IOException, InterruptedException {
    String mark = mark(name);
    String body = Texts.body(text.render(model), "{color:#8993a4}" + mark + "{color}");
    String unused =
        perform(
            "comment/" + name,
            () -> {
              api.comment(issue, body);
              return issue;
            },
            () ->
                api.hasComment(issue, mark.substring(MARK.length()))
                    ? Optional.of(issue)
                    : Optional.empty());
  }

  /** What is over gets a comment and, where one is configured, a transition. */
  void resolve(String issue) throws IOException, InterruptedException {
    if (config.transition().isPresent()) {
      api.transition(issue, config.transition().get());
    }
  }

  /** A name's own label: nobody else's issue carries it. */
  static String mark(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return MARK + HexFormat.of().formatHex(Arrays.copyOf(hash, MARK_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String issueKey(String name) {
    return "issue/" + name;
  }

  /** Jira's search lags behind what was created, by seconds and at times by minutes. */
  private Optional<String> search(String mark) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Duration pause = LOOK_AGAIN;
    while (true) {
      Optional<String> issue = api.find(Jql.labelled(config.project(), mark));
      if (issue.isPresent() || System.nanoTime() - start >= config.indexPatience().toNanos()) {
        return issue;
      }
      Thread.sleep(pause.toMillis());
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LOOK_AGAIN_AT_MOST) < 0 ? doubled : LOOK_AGAIN_AT_MOST;
    }
  }

  private interface Doing<T> {
    T now() throws IOException, InterruptedException;
  }

  private String perform(String key, Doing<String> act, Doing<Optional<String>> lookUp)
      throws IOException, InterruptedException {
    return once.perform(
        key,
        new Once.Act() {
          @Override
          public String act() throws IOException, InterruptedException {
            try {
              return act.now();
            } catch (JiraRefusal e) {
              noteUnlessDone(key, e.isSurelyNotDone());
              throw e;
            } catch (HttpFailure e) {
              noteUnlessDone(key, !e.isMaybeReceived());
              throw e;
            }
          }

          @Override
          public Once.Found lookUp() throws IOException, InterruptedException {
            if (notDone.remove(key)) {
              return new Once.Found.Absent();
            }
            return lookUp
                .now()
                .<Once.Found>map(Once.Found.Done::new)
                .orElseGet(Once.Found.Absent::new);
          }
        });
  }

  private void noteUnlessDone(String key, boolean surelyNotDone) {
    if (surelyNotDone) {
      notDone.add(key);
    }
  }
}
