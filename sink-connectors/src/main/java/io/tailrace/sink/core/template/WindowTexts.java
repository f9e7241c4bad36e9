package io.tailrace.sink.core.template;

import io.tailrace.record.Aggregate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Templates rendered for aggregates: where they speak of the run alone, once for each run. Safe for
 * many threads.
 */
public final class WindowTexts {
  private static final Set<String> OF_THE_RUN =
      Set.of("env", "run_id", "test_id", "test_name", "environment", "version", "tags");
  private static final int MOST_RUNS = 1_000;

  /** All that the names of a run are read from. */
  private record RunNames(
      String run, String testName, String environment, String version, Map<String, String> tags) {}

  private final Map<String, Template> templates;
  private final boolean ofTheRun;
  private final Map<RunNames, Map<String, String>> rendered = new ConcurrentHashMap<>();

  public WindowTexts(Map<String, Template> templates) {
    this.templates = new LinkedHashMap<>(templates);
    this.ofTheRun =
        templates.values().stream().allMatch(each -> OF_THE_RUN.containsAll(each.names()));
  }

  /** The texts under the keys of their templates; not to be changed. */
  public Map<String, String> of(Aggregate aggregate) {
    if (!ofTheRun) {
      return render(TemplateModel.of(aggregate));
    }
    if (rendered.size() > MOST_RUNS) {
      rendered.clear();
    }
    RunNames names =
        new RunNames(
            aggregate.getRun(),
            aggregate.getTestName(),
            aggregate.getEnvironment(),
            aggregate.getVersion(),
            aggregate.getTags());
    return rendered.computeIfAbsent(names, unused -> render(TemplateModel.of(aggregate)));
  }

  /** The same of any other record. */
  public Map<String, String> render(TemplateModel model) {
    Map<String, String> texts = new LinkedHashMap<>();
    templates.forEach((key, template) -> texts.put(key, template.render(model)));
    return texts;
  }
}
