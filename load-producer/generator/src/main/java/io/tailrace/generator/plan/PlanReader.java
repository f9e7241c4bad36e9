package io.tailrace.generator.plan;

import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.objective.RuleYaml;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a plan from YAML and flags; every fault is reported, all of them together. */
public final class PlanReader {

  /** Lines whose value is a secret's, unless it only refers to the environment. */
  private static final Pattern SECRET_LINE =
      Pattern.compile(
          "(?im)^(\\s*(?:-\\s*)?[\"']?(?:authorization|cookie|password|[\\w-]*token|[\\w-]*secret"
              + "|x-api-key|api_key|bearer)[\"']?\\s*:\\s*)(?!\\s*[\"']?(?:\\w+ )?\\{\\{)\\S.*$");

  private static final String[] KEYS = {
    "environment",
    "feeders",
    "http",
    "load",
    "name",
    "report_url",
    "scenarios",
    "sla",
    "tags",
    "target",
    "variables",
    "version"
  };

  private static final String[] KEYS_OF_OTHERS = {
    "aggregate", "integrations", "kafka", "objectives", "outputs", "service", "topics", "up"
  };

  private PlanReader() {}

  /**
   * The plan that a document and its flags make.
   *
   * @throws io.tailrace.config.SettingsException naming every fault
   */
  public static Plan read(SettingsSource source) {
    Settings settings = Settings.of(source);
    Plan plan = settings.read(root -> plan(root, source));
    return withNotes(plan, settings.notes());
  }

  /** Where the plan, or its flags, say that Kafka is; the rest of it is not looked at. */
  public static KafkaConnection kafka(SettingsSource source) {
    return Settings.of(source).declare(KEYS).declare(KEYS_OF_OTHERS).read(KafkaConnection::from);
  }

  private static Plan plan(Settings root, SettingsSource source) {
    // Read by others: the aggregator's sinks, and whoever connects to Kafka.
    root.declare(KEYS_OF_OTHERS);
    URI target = root.url("target").required();
    Load load = LoadReader.read(root.block("load"));
    Settings http = root.block("http");
    HttpSettings httpSettings = HttpReader.read(http);
    Map<String, Feeder> feeders = FeederReader.read(root.block("feeders"));
    ScenarioReader scenarios =
        new ScenarioReader(root, http, target, feeders, source.environment());
    List<Scenario> read = scenarios.read();
    return new Plan(
        root.text("name").where(name -> !name.isBlank(), "a name").or(defaultName(target)),
        root.text("environment").or(""),
        root.text("version").or(""),
        new LinkedHashMap<>(root.textMap("tags")),
        root.text("report_url").optional().orElse(null),
        target,
        load,
        httpSettings,
        read,
        RuleYaml.read(root, "sla"),
        masked(source.document()),
        List.of());
  }

  private static String defaultName(URI target) {
    return target.getHost() == null ? "load" : "load " + target.getHost();
  }

  private static Plan withNotes(Plan plan, List<String> notes) {
    return new Plan(
        plan.name(),
        plan.environment(),
        plan.version(),
        plan.tags(),
        plan.reportUrl(),
        plan.target(),
        plan.load(),
        plan.http(),
        plan.scenarios(),
        plan.objectives(),
        plan.text(),
        notes);
  }

  /** The plan's text as it may be published: what looks like a secret is struck out. */
  static @Nullable String masked(String document) {
    return document.isBlank() ? null : SECRET_LINE.matcher(document).replaceAll("$1\"***\"");
  }
}
