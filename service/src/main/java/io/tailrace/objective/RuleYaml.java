package io.tailrace.objective;

import io.tailrace.config.Settings;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads rules out of YAML that was parsed into maps, lists and scalars, and prints them; finds all
 * faults before it complains.
 */
public final class RuleYaml {
  /** More rules than anyone reads results of. */
  public static final int MOST_RULES = 10_000;

  private static final Set<String> KEYS =
      new LinkedHashSet<>(
          List.of(
              "name",
              "objective",
              "series",
              "over",
              "for",
              "recover",
              "severity",
              "action",
              "ignore",
              "min_requests"));

  private static final Pattern PLACED =
      Pattern.compile("(?s)(?<place>\\[(?<index>\\d{1,6})][^:\\n]*): (?<problem>.*)");

  private final String path;
  private final List<String> faults = new ArrayList<>();

  private RuleYaml(String path) {
    this.path = path;
  }

  /** Reads the rules under a key, which may be absent; every fault is recorded with its line. */
  public static List<Rule> read(Settings settings, String key) {
    RuleYaml reader = new RuleYaml("");
    List<Rule> rules = reader.list(settings.tree(key).orElse(null));
    for (String fault : reader.faults) {
      Matcher placed = PLACED.matcher(fault);
      if (placed.matches()) {
        int index = Integer.parseInt(placed.group("index"));
        settings.fault(key, index, placed.group("place"), placed.group("problem"));
      } else {
        settings.fault(key, fault);
      }
    }
    return rules;
  }

  /**
   * Reads a list of rules, each one line or a block of keys; one alone is a list of one.
   *
   * @param path where it stands, such as sla, for messages
   */
  public static List<Rule> read(@Nullable Object tree, String path) {
    RuleYaml reader = new RuleYaml(path);
    List<Rule> rules = reader.list(tree);
    if (!reader.faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.faults));
    }
    return rules;
  }

  private List<Rule> list(@Nullable Object tree) {
    List<?> items = tree instanceof List<?> list ? list : tree == null ? List.of() : List.of(tree);
    if (items.size() > MOST_RULES) {
      String at = path.isEmpty() ? "" : path + ": ";
      faults.add(at + items.size() + " objectives; expected at most " + MOST_RULES);
      return List.of();
    }
    List<Rule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      String at = path + "[" + i + "]";
      int before = faults.size();
      Rule rule = item(items.get(i), at);
      if (rule == null || faults.size() > before) {
        continue;
      }
      if (!names.add(rule.name())) {
        faults.add(at + ": another objective is named \"" + rule.name() + "\"; names are unique");
      }
      rules.add(rule);
    }
    return rules;
  }

  private @Nullable Rule item(@Nullable Object item, String at) {
    if (item instanceof Map<?, ?> block) {
      return block(block, at);
    }
    if (item instanceof String line) {
      return attempt(at, () -> Rule.parse(line));
    }
    faults.add(at + ": " + item + "; expected an objective such as \"p95 < 500ms\"");
    return null;
  }

  private @Nullable Rule block(Map<?, ?> block, String at) {
    for (Object key : block.keySet()) {
      if (!KEYS.contains(String.valueOf(key))) {
        faults.add(at + "." + key + ": unknown key; known here: " + String.join(", ", KEYS));
      }
    }
    Object line = block.get("objective");
    if (!(line instanceof String text)) {
      faults.add(at + ".objective: missing; expected what must hold, such as p95 < 500ms");
      return null;
    }
    String condition = at + ".objective";
    Rule.Draft draft = attempt(condition, () -> new Rule.Draft(Rule.condition(text)));
    // The other keys have their own faults: they are found even when the condition is wrong.
    Rule.Draft read = draft == null ? new Rule.Draft(Rule.condition("requests >= 0")) : draft;
    read.name = text(block, "name");
    read.series = at(block, at, "series", SeriesSelector::parse);
    read.overMicros = at(block, at, "over", RuleYaml::over);
    read.forMicros = at(block, at, "for", Times::parseMicros);
    read.recoverMicros = at(block, at, "recover", Times::parseMicros);
    read.ignoreMicros = at(block, at, "ignore", s -> new Grammar(s).wholeIgnoreMicros());
    read.minRequests = at(block, at, "min_requests", RuleYaml::count);
    read.severity = at(block, at, "severity", RuleYaml::severity);
    read.action = at(block, at, "action", RuleYaml::action);
    return draft == null ? null : attempt(at, draft::rule);
  }

  private static @Nullable String text(Map<?, ?> block, String key) {
    Object value = block.get(key);
    return value == null ? null : String.valueOf(value);
  }

  private <T> @Nullable T at(Map<?, ?> block, String at, String key, Reader<T> reader) {
    String text = text(block, key);
    return text == null ? null : attempt(at + "." + key, () -> reader.read(text));
  }

  private <T> @Nullable T attempt(String at, java.util.function.Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException fault) {
      faults.add(at + ": " + fault.getMessage());
      return null;
    }
  }

  private interface Reader<T> {
    T read(String text);
  }

  private static Long over(String text) {
    if (text.strip().equalsIgnoreCase("run")) {
      return Rule.WHOLE_RUN;
    }
    long micros = Times.parseMicros(text);
    String fault = Rule.overFault(micros);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException("\"" + text + "\": " + fault);
    }
    return micros;
  }

  private static Long count(String text) {
    if (!text.matches("[0-9]{1,12}")) {
      throw new IllegalArgumentException("\"" + text + "\"; expected a whole number of 0 or more");
    }
    return Long.valueOf(text);
  }

  private static Severity severity(String text) {
    return Rule.severity(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"" + text + "\"; expected info, warning or critical"));
  }

  private static ObjectiveAction action(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "none" -> ObjectiveAction.NONE;
      case "abort" -> ObjectiveAction.ABORT;
      default -> throw new IllegalArgumentException("\"" + text + "\"; expected none or abort");
    };
  }

  /** The rules as a list that {@link #read} reads back, each in as few words as it can be. */
  public static String print(List<Rule> rules) {
    StringBuilder yaml = new StringBuilder();
    for (Rule rule : rules) {
      String line = rule.toString();
      if (rule.name().equals(line)) {
        yaml.append("- ").append(Cursor.quote(line)).append('\n');
      } else {
        block(yaml, rule);
      }
    }
    return yaml.toString();
  }

  private static void block(StringBuilder yaml, Rule rule) {
    yaml.append("- name: ").append(Cursor.quote(rule.name())).append('\n');
    line(yaml, "objective", Cursor.quote(rule.condition().toString()));
    if (!rule.series().equals(SeriesSelector.RUN)) {
      line(yaml, "series", Cursor.quote(rule.series().toString()));
    }
    line(yaml, "over", rule.isOverRun() ? "run" : Times.write(rule.overMicros()));
    if (!rule.isOverRun()) {
      line(yaml, "for", Times.write(rule.forMicros()));
      line(yaml, "recover", Times.write(rule.recoverMicros()));
    }
    if (rule.ignoreMicros() > 0) {
      line(yaml, "ignore", "first " + Times.write(rule.ignoreMicros()));
    }
    line(yaml, "min_requests", Long.toString(rule.minRequests()));
    line(yaml, "severity", rule.severity().name().toLowerCase(Locale.ROOT));
    line(yaml, "action", rule.action().name().toLowerCase(Locale.ROOT));
  }

  private static void line(StringBuilder yaml, String key, String value) {
    yaml.append("  ").append(key).append(": ").append(value).append('\n');
  }
}
