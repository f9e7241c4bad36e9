package io.tailrace.sink.jira;

import io.tailrace.record.Violation;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.provider.Once;
import io.tailrace.sink.core.template.Template;
import io.tailrace.sink.core.template.TemplateModel;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One open issue for an objective of a test, whatever run breaks it: further episodes are comments
 * until somebody closes it. Runs take turns, because they share the issue.
 */
final class ObjectiveFiling implements Filing {
  private static final String NONE = "none";

  private final IssueConfig config;
  private final IssueBook book;
  private final JiraApi api;
  private final Once once;

  ObjectiveFiling(IssueConfig config, IssueBook book, JiraApi api, Once once) {
    this.config = config;
    this.book = book;
    this.api = api;
    this.once = once;
  }

  @Override
  public synchronized void take(Item item) throws IOException, InterruptedException {
    Violation violation = item.as(Violation.class);
    Optional<String> issue = once.outcome(episode(violation));
    switch (violation.getState()) {
      case OPENED, UPDATED -> {
        if (issue.isPresent()) {
          comment(issue.get(), violation, config.texts().comment());
        } else if (config.conditions().hold(violation)) {
          attach(violation);
        }
      }
      case RESOLVED -> {
        if (issue.isPresent()) {
          comment(issue.get(), violation, config.texts().resolved());
          over(issue.get(), violation);
        }
      }
      case UNKNOWN -> throw new IllegalArgumentException("a violation in an unknown state");
    }
  }

  /** Finds or files the issue that this episode belongs to. */
  private void attach(Violation violation) throws IOException, InterruptedException {
    String objective = objective(violation);
    String record = record(violation);
    Optional<String> last = lastIssue(objective);
    String issue;
    if (last.isPresent() && api.standing(last.get()) == JiraApi.Standing.OPEN) {
      issue = last.get();
      comment(issue, violation, config.texts().comment());
    } else {
      IssueBook.Filed filed =
          book.file(
              objective + "/after/" + last.orElse(NONE),
              record,
              Optional.of(IssueBook.mark(objective)),
              TemplateModel.of(violation),
              violation.getObjective().getSeverity());
      issue = filed.issue();
      if (filed.by().equals(record)) {
        // Its description says it all: no comment when this record comes again.
        once.remember(said(violation), issue);
      } else {
        comment(issue, violation, config.texts().comment());
      }
    }
    Set<String> open = open(issue);
    open.add(IssueBook.mark(violation.getId()));
    once.remember(openKey(issue), String.join(" ", open));
    once.remember(objective, issue);
    once.remember(episode(violation), issue);
  }

  /** The latest one known here; else one that is open in Jira, from before this memory began. */
  private Optional<String> lastIssue(String objective) throws IOException, InterruptedException {
    Optional<String> known = once.outcome(objective);
    return known.isPresent()
        ? known
        : api.find(Jql.openAndLabelled(config.project(), IssueBook.mark(objective)));
  }

  private void comment(String issue, Violation violation, Template text)
      throws IOException, InterruptedException {
    if (once.outcome(said(violation)).isEmpty()) {
      book.comment(issue, record(violation), text, TemplateModel.of(violation));
    }
  }

  /** The issue is through when the last episode that is told in it is. */
  private void over(String issue, Violation violation) throws IOException, InterruptedException {
    Set<String> open = open(issue);
    open.remove(IssueBook.mark(violation.getId()));
    if (open.isEmpty()) {
      book.resolve(issue);
    }
    once.remember(openKey(issue), String.join(" ", open));
  }

  private Set<String> open(String issue) throws IOException, InterruptedException {
    Set<String> open = new TreeSet<>();
    for (String mark : once.outcome(openKey(issue)).orElse("").split(" ", -1)) {
      if (!mark.isEmpty()) {
        open.add(mark);
      }
    }
    return open;
  }

  private static String openKey(String issue) {
    return "open/" + issue;
  }

  private static String objective(Violation violation) {
    return "objective/"
        + IssueBook.mark(
            violation.getTestName()
                + "\n"
                + violation.getEnvironment()
                + "\n"
                + violation.getObjective().getName());
  }

  private static String episode(Violation violation) {
    return "episode/" + violation.getId();
  }

  private static String record(Violation violation) {
    return "episode/" + violation.getId() + "/" + violation.getSequence();
  }

  private static String said(Violation violation) {
    return "said/" + record(violation);
  }
}
