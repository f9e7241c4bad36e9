package io.tailrace.sink.jira;

import io.tailrace.sink.core.Delivery;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds, once, whom a configured text means. */
final class Assignees {
  private static final Logger log = LoggerFactory.getLogger(Assignees.class);

  private final JiraApi api;
  private final String project;
  private final Optional<String> configured;
  private Optional<IssueDraft.Assignee> found = Optional.empty();
  private boolean lookedUp;

  Assignees(JiraApi api, String project, Optional<String> configured) {
    this.api = api;
    this.project = project;
    this.configured = configured;
  }

  /** Whom issues are assigned to; nobody rather than no issue. */
  synchronized Optional<IssueDraft.Assignee> assignee() throws IOException, InterruptedException {
    if (configured.isPresent() && !lookedUp) {
      found = lookUp(configured.get());
      lookedUp = true;
      if (found.isEmpty()) {
        log.warn(
            "nobody assignable in {} is \"{}\"; issues are filed unassigned",
            project,
            configured.get());
      }
    }
    return found;
  }

  private Optional<IssueDraft.Assignee> lookUp(String text)
      throws IOException, InterruptedException {
    Map<String, List<String>> people;
    try {
      people = api.assignable(project, text);
    } catch (JiraRefusal e) {
      if (e.delivery() instanceof Delivery.Retry || isAboutUs(e)) {
        throw e;
      }
      // Looking for people may be forbidden where filing issues is not.
      return Optional.empty();
    }
    String wanted = text.toLowerCase(Locale.ROOT);
    return people.entrySet().stream()
        .filter(person -> person.getValue().contains(wanted))
        .map(person -> new IssueDraft.Assignee(api.personField(), person.getKey()))
        .findFirst();
  }

  /** A token that is not known is not known for anything. */
  private static boolean isAboutUs(JiraRefusal refusal) {
    return refusal.status() == 401;
  }
}
