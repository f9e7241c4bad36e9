package io.tailrace.sink.jira;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An issue to be created.
 *
 * @param fields further fields, as Jira names them
 */
record IssueDraft(
    String project,
    String type,
    String summary,
    String description,
    List<String> labels,
    Optional<Assignee> assignee,
    Optional<String> priority,
    Map<String, Object> fields) {
  private static final String ASSIGNEE = "assignee";
  private static final String PRIORITY = "priority";

  /** What an issue can do without, when the project does not take it. */
  static final Set<String> DISPENSABLE = Set.of(ASSIGNEE, PRIORITY);

  /** Someone, by the field that names people in this Jira: accountId or name. */
  record Assignee(String field, String value) {}

  IssueDraft without(Set<String> names) {
    return new IssueDraft(
        project,
        type,
        summary,
        description,
        labels,
        names.contains(ASSIGNEE) ? Optional.empty() : assignee,
        names.contains(PRIORITY) ? Optional.empty() : priority,
        fields);
  }
}
