package io.tailrace.sink.jira;

import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Severity;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.provider.Once;
import io.tailrace.sink.core.template.TemplateModel;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** An issue for a run, filed when it has ended; corrections that change its result are comments. */
final class RunFiling implements Filing {
  private final IssueConfig config;
  private final IssueBook book;
  private final Once once;

  RunFiling(IssueConfig config, IssueBook book, Once once) {
    this.config = config;
    this.book = book;
    this.once = once;
  }

  @Override
  public void take(Item item) throws IOException, InterruptedException {
    RunSummary summary = item.as(RunSummary.class);
    String name = "run/" + summary.getRun();
    Optional<IssueBook.Filed> filed = book.filed(name);
    if (filed.isPresent()) {
      correct(summary, name, filed.get());
    } else if (config.conditions().hold(summary)) {
      IssueBook.Filed unused =
          book.file(
              name,
              new Told(summary.getRevision(), result(summary)).written(),
              Optional.empty(),
              TemplateModel.of(summary),
              severity(summary));
    }
  }

  private void correct(RunSummary summary, String name, IssueBook.Filed filed)
      throws IOException, InterruptedException {
    Told told = Told.read(once.outcome("told/" + name).orElse(filed.by()));
    Told now = new Told(summary.getRevision(), result(summary));
    if (now.revision() <= told.revision() || now.result().equals(told.result())) {
      return;
    }
    String comment = name + "/" + summary.getRevision();
    book.comment(filed.issue(), comment, config.texts().comment(), TemplateModel.of(summary));
    once.remember("told/" + name, now.written());
  }

  /** What an issue says of a run, short enough to remember. */
  private static String result(RunSummary summary) {
    String failed =
        summary.getObjectives().stream()
            .filter(result -> result.getStatus() == ObjectiveStatus.FAILED)
            .map(result -> result.getObjective().getName())
            .sorted()
            .collect(Collectors.joining("\n"));
    return IssueBook.mark(summary.getVerdict() + "\n" + failed);
  }

  private static Severity severity(RunSummary summary) {
    return summary.getObjectives().stream()
        .filter(result -> result.getStatus() == ObjectiveStatus.FAILED)
        .map(ObjectiveResult::getObjective)
        .map(objective -> objective.getSeverity())
        .max(Comparator.naturalOrder())
        .orElse(Severity.UNKNOWN);
  }

  private record Told(int revision, String result) {
    static Told read(String text) {
      int colon = text.indexOf(':');
      return new Told(Integer.parseInt(text.substring(0, colon)), text.substring(colon + 1));
    }

    String written() {
      return revision + ":" + result;
    }
  }
}
