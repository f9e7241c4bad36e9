package io.tailrace.sink.jira;

import io.tailrace.record.Violation;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.template.TemplateModel;
import java.io.IOException;
import java.util.Optional;

/** An issue for every episode in which an objective did not hold. */
final class EpisodeFiling implements Filing {
  private final IssueConfig config;
  private final IssueBook book;

  EpisodeFiling(IssueConfig config, IssueBook book) {
    this.config = config;
    this.book = book;
  }

  @Override
  public void take(Item item) throws IOException, InterruptedException {
    Violation violation = item.as(Violation.class);
    String name = "episode/" + violation.getId();
    Optional<IssueBook.Filed> filed = book.filed(name);
    switch (violation.getState()) {
      case OPENED, UPDATED -> {
        if (filed.isPresent()) {
          worse(violation, name, filed.get());
        } else if (config.conditions().hold(violation)) {
          IssueBook.Filed unused =
              book.file(
                  name,
                  String.valueOf(violation.getSequence()),
                  Optional.empty(),
                  TemplateModel.of(violation),
                  violation.getObjective().getSeverity());
        }
      }
      case RESOLVED -> {
        if (filed.isPresent()) {
          String issue = filed.get().issue();
          String comment = name + "/" + violation.getSequence();
          book.comment(issue, comment, config.texts().resolved(), TemplateModel.of(violation));
          book.resolve(issue);
        }
      }
      case UNKNOWN -> throw new IllegalArgumentException("a violation in an unknown state");
    }
  }

  private void worse(Violation violation, String name, IssueBook.Filed filed)
      throws IOException, InterruptedException {
    int sequence = violation.getSequence();
    if (sequence > Integer.parseInt(filed.by())) {
      book.comment(
          filed.issue(),
          name + "/" + sequence,
          config.texts().comment(),
          TemplateModel.of(violation));
    }
  }
}
