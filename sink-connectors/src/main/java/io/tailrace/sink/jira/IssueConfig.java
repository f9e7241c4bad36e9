package io.tailrace.sink.jira;

import io.tailrace.config.Settings;
import io.tailrace.record.Severity;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which issues are filed, where, and how. */
record IssueConfig(
    boolean enabled,
    String project,
    String type,
    Per per,
    Conditions conditions,
    IssueTexts texts,
    Map<String, String> priorities,
    Map<String, Object> fields,
    Optional<String> transition,
    Duration indexPatience) {
  private static final Map<String, String> PRIORITIES =
      Map.of("critical", "Highest", "warning", "High", "info", "Low");
  private static final Set<String> OWN_FIELDS =
      Set.of("project", "issuetype", "summary", "description", "labels", "assignee", "priority");

  private static final Option<Boolean> ENABLED =
      Option.flag("enabled", "Whether issues are filed.").or(true);
  private static final Option<String> PROJECT =
      Option.text("project", "The project's key, such as PERF.")
          .where(key -> key.matches("[A-Za-z][A-Za-z0-9_]{0,254}"), "a project's key such as PERF")
          .required();
  private static final Option<String> TYPE =
      Option.text("issue_type", "The name of the issues' type in that project.").or("Bug");
  private static final Option<Per> PER =
      Option.choice(
              "per",
              "What there is one issue for: a run; an objective of a test, in which runs that"
                  + " break it again are comments for as long as it is open; or every episode in"
                  + " which an objective did not hold.",
              Per.class)
          .or(Per.RUN);
  private static final Option<Optional<Object>> CONDITIONS =
      Option.tree(
          "conditions",
          "When there is to be an issue, in the language of objectives; any one is enough."
              + " Without it: sla_violations: true.");
  private static final Option<IssueTexts> TEMPLATE =
      Option.block("template", "What issues say.", IssueTexts.OPTIONS, IssueTexts::from);
  private static final Option<Map<String, String>> PRIORITY =
      Option.textMap(
          "priorities",
          "The priority for each severity; without it critical: Highest, warning: High, info: Low.");
  private static final Option<Optional<Object>> FIELDS =
      Option.tree(
          "fields", "Further fields of every issue as Jira names them, such as customfield_10010.");
  private static final Option<Optional<String>> TRANSITION =
      Option.text(
              "resolve_transition",
              "The transition, or the status it leads to, when a violation is over; without it a"
                  + " comment says so and no more.")
          .optional();
  private static final Option<Duration> INDEX_PATIENCE =
      Option.duration(
              "index_patience",
              "How long Jira's search is given to show an issue whose creation was not answered,"
                  + " before it is created again.")
          .between(Duration.ZERO, Duration.ofMinutes(10))
          .or(Duration.ofMinutes(1));

  static final Options OPTIONS =
      Options.of(
          ENABLED,
          PROJECT,
          TYPE,
          PER,
          CONDITIONS,
          TEMPLATE,
          PRIORITY,
          FIELDS,
          TRANSITION,
          INDEX_PATIENCE);

  static IssueConfig from(Settings block) {
    return new IssueConfig(
        ENABLED.from(block),
        PROJECT.from(block),
        TYPE.from(block),
        PER.from(block),
        conditions(block),
        TEMPLATE.from(block),
        priorities(block),
        fields(block),
        TRANSITION.from(block),
        INDEX_PATIENCE.from(block));
  }

  /** The one thing to know before the rest is read. */
  static Per per(Settings sink) {
    return PER.from(sink.block("issue_creation"));
  }

  /** The priority for a severity, if there is one. */
  Optional<String> priority(Severity severity) {
    return Optional.ofNullable(priorities.get(written(severity)));
  }

  private static Conditions conditions(Settings block) {
    try {
      return CONDITIONS.from(block).map(Conditions::of).orElse(Conditions.DEFAULT);
    } catch (IllegalArgumentException e) {
      block.fault(CONDITIONS.key(), String.valueOf(e.getMessage()));
      return Conditions.DEFAULT;
    }
  }

  private static Map<String, String> priorities(Settings block) {
    Map<String, String> given = PRIORITY.from(block);
    Map<String, String> priorities = new TreeMap<>(block.has(PRIORITY.key()) ? given : PRIORITIES);
    for (String severity : given.keySet()) {
      if (!PRIORITIES.containsKey(severity)) {
        block.fault(
            PRIORITY.key() + "." + severity,
            "unknown severity; expected critical, warning or info");
      }
    }
    return priorities;
  }

  private static Map<String, Object> fields(Settings block) {
    Map<String, Object> fields = new LinkedHashMap<>();
    Object tree = FIELDS.from(block).orElse(Map.of());
    if (!(tree instanceof Map<?, ?> given)) {
      block.fault(FIELDS.key(), tree + "; expected a block of fields");
      return fields;
    }
    given.forEach(
        (name, value) -> {
          if (OWN_FIELDS.contains(String.valueOf(name))) {
            block.fault(FIELDS.key() + "." + name, "has a key of its own");
          }
          fields.put(String.valueOf(name), value);
        });
    return fields;
  }

  private static String written(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}
