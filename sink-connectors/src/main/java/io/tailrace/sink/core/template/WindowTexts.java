package io.tailrace.sink.core.template;

import io.tailrace.record.Aggregate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Templates rendered for windows, their date that of the window's start: once for each run and day
 * where they speak of nothing else. Safe for many threads.
 */
public final class WindowTexts {
  private static final Set<String> SLOW =
      Set.of("env", "run_id", "test_id", "test_name", "environment", "version", "tags", "date");
  private static final Pattern TIME_OF_DAY = Pattern.compile("date[^}]*(HH|mm|ss)");
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final int MOST_KEPT = 1_000;

  /** All that the slow names are read from. */
  private record Key(
      String run,
      String testName,
      String environment,
      String version,
      Map<String, String> tags,
      long day) {}

  private final Map<String, Template> templates;
  private final boolean slow;
  private final Map<Key, Map<String, String>> rendered = new ConcurrentHashMap<>();

  public WindowTexts(Map<String, Template> templates) {
    this.templates = new LinkedHashMap<>(templates);
    this.slow =
        templates.values().stream()
            .allMatch(
                template ->
                    SLOW.containsAll(template.names())
                        && !TIME_OF_DAY.matcher(template.toString()).find());
  }

  /** The texts under the keys of their templates; not to be changed. */
  public Map<String, String> of(Aggregate aggregate) {
    if (!slow) {
      return render(aggregate);
    }
    if (rendered.size() > MOST_KEPT) {
      rendered.clear();
    }
    Key key =
        new Key(
            aggregate.getRun(),
            aggregate.getTestName(),
            aggregate.getEnvironment(),
            aggregate.getVersion(),
            aggregate.getTags(),
            Math.floorDiv(aggregate.getWindowStartMicros(), DAY_MICROS));
    return rendered.computeIfAbsent(key, unused -> render(aggregate));
  }

  private Map<String, String> render(Aggregate aggregate) {
    return render(TemplateModel.of(aggregate).at(aggregate.getWindowStartMicros()));
  }

  /** The same of any other record. */
  public Map<String, String> render(TemplateModel model) {
    Map<String, String> texts = new LinkedHashMap<>();
    templates.forEach((key, template) -> texts.put(key, template.render(model)));
    return texts;
  }
}
