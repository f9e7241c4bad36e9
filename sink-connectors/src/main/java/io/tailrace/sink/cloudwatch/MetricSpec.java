package io.tailrace.sink.cloudwatch;

import io.tailrace.config.Settings;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.template.Escape;
import io.tailrace.sink.core.template.Template;
import io.tailrace.sink.core.template.TemplateModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One metric: its name, what of a window it shows, in which unit, and how runs are told apart. */
record MetricSpec(
    String name, Source source, String unit, Map<String, Template> dimensionTemplates) {
  static final int MOST = 100;

  /** Names that tell series of one run apart: a metric without them is of the whole run. */
  private static final Set<String> OF_SERIES = Set.of("series", "method", "group", "series_tags");

  /** What stays the same for all windows of a series; anything else would be a new metric each. */
  private static final Set<String> LASTING =
      Set.of(
          "test_name",
          "environment",
          "version",
          "run_id",
          "test_id",
          "tags",
          "env",
          "series",
          "method",
          "group",
          "series_tags");

  private static final Set<String> OF_ONE_RUN = Set.of("run_id", "test_id");
  private static final int MOST_DIMENSIONS = 30;
  private static final int LONGEST_NAME = 255;

  private static final Option<String> NAME =
      Option.text("name", "Its name in CloudWatch, such as ResponseTime.")
          .where(MetricSpec::isName, "1 to 255 printable ASCII characters, not beginning with :")
          .required();
  private static final Option<Optional<String>> SOURCE =
      Option.text(
              "source",
              "What it shows: response_time or service_time as whole distributions, or any metric's"
                  + " name, such as response_time_p95 or error_rate. Without it, its own name says.")
          .optional();
  private static final Option<Optional<String>> UNIT =
      Option.text("unit", "A unit of CloudWatch; times are converted to it.").optional();
  private static final Option<Map<String, Template>> DIMENSIONS =
      Option.templateMap(
          "dimensions",
          "Names with templates. One that renders to nothing is left out. With {{series}},"
              + " {{method}}, {{group}} or {{series_tags.X}} every series is sent, otherwise the"
              + " whole run.",
          Escape.none());

  static final Options OPTIONS = Options.of(NAME, SOURCE, UNIT, DIMENSIONS);

  static final List<MetricSpec> STANDARD =
      Stream.of("ResponseTime", "Throughput", "ErrorRate", "Requests", "Errors", "ActiveUsers")
          .map(MetricSpec::standard)
          .toList();

  MetricSpec {
    dimensionTemplates = new LinkedHashMap<>(dimensionTemplates);
  }

  private static MetricSpec standard(String name) {
    Source source = Source.named(name);
    Map<String, Template> dimensions = new LinkedHashMap<>();
    dimensions.put("TestName", Template.of("{{test_name}}", Escape.none()));
    dimensions.put("Environment", Template.of("{{environment}}", Escape.none()));
    return new MetricSpec(name, source, source.usualUnit(), dimensions);
  }

  static MetricSpec from(Settings block) {
    String name = NAME.from(block);
    String from = SOURCE.from(block).orElse(name);
    Source source = Source.REQUESTS;
    try {
      source = Source.named(from);
    } catch (IllegalArgumentException e) {
      block.fault(block.has("source") ? "source" : "name", String.valueOf(e.getMessage()));
    }
    String unit = UNIT.from(block).orElse(source.usualUnit());
    Source known = source;
    known.objection(unit).ifPresent(problem -> block.fault("unit", problem));
    MetricSpec spec = new MetricSpec(name, source, unit, DIMENSIONS.from(block));
    spec.refuseDimensions(block);
    return spec;
  }

  private void refuseDimensions(Settings block) {
    if (dimensionTemplates.size() > MOST_DIMENSIONS) {
      block.fault(
          "dimensions",
          dimensionTemplates.size() + " dimensions, CloudWatch takes " + MOST_DIMENSIONS);
    }
    dimensionTemplates.forEach(
        (dimension, template) -> {
          String key = "dimensions." + dimension;
          if (!isName(dimension)) {
            block.fault(key, "expected 1 to 255 printable ASCII characters, not beginning with :");
          }
          Set<String> fleeting = new TreeSet<>(template.names());
          fleeting.removeAll(LASTING);
          if (!fleeting.isEmpty()) {
            block.fault(
                key,
                String.join(", ", fleeting)
                    + " differs from window to window: each would be a metric of its own;"
                    + " expected "
                    + String.join(", ", new TreeSet<>(LASTING)));
          }
        });
  }

  private static boolean isName(String text) {
    return text.length() <= LONGEST_NAME
        && !text.isBlank()
        && !text.startsWith(":")
        && text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  Set<String> dimensionNames() {
    return dimensionTemplates.keySet();
  }

  boolean isOfSeries() {
    return names().anyMatch(OF_SERIES::contains);
  }

  boolean isOfOneRun() {
    return names().anyMatch(OF_ONE_RUN::contains);
  }

  boolean isOfOneTest() {
    return names().anyMatch(name -> !name.equals("env"));
  }

  private Stream<String> names() {
    return dimensionTemplates.values().stream().flatMap(template -> template.names().stream());
  }

  boolean shows(Aggregate aggregate) {
    return isOfSeries() || aggregate.getSeries().getName().equals("*");
  }

  Dimensions dimensions(TemplateModel model) {
    Map<String, String> values = new LinkedHashMap<>();
    dimensionTemplates.forEach((name, template) -> values.put(name, template.render(model)));
    return Dimensions.of(values);
  }
}
