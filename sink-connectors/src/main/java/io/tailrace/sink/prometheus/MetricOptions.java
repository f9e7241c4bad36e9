package io.tailrace.sink.prometheus;

import io.tailrace.config.Nearest;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One entry of {@code metrics:}. */
final class MetricOptions {
  private static final Set<String> OF_SERIES = Set.of("endpoint", "method", "group");
  private static final Set<String> OF_STATUS = Set.of("status_code", "status");
  private static final Set<String> OF_ERRORS = Set.of("error_type");
  private static final List<String> LABELS =
      List.of(
          "endpoint",
          "method",
          "group",
          "status_code",
          "status",
          "error_type",
          "run_id",
          "test_name",
          "environment",
          "version");

  private static final Option<String> NAME =
      Option.text("name", "The metric's name; a counter's ends in _total.")
          .where(
              name -> name.matches("[a-zA-Z_:][a-zA-Z0-9_:]*"),
              "letters, digits, underscores and colons, not a digit first")
          .required();
  private static final Option<MetricType> TYPE =
      Option.choice("type", "A counter grows, a gauge is the latest window's.", MetricType.class)
          .required();
  private static final Option<String> HELP =
      Option.text("help", "One line for whoever meets the metric.").or("");
  private static final Option<List<String>> LABELS_WANTED =
      Option.texts(
              "labels",
              "endpoint, method or group: one time series for each request of the test, told apart"
                  + " by all three; without them one for the whole run. status_code or status:"
                  + " split by status. error_type: errors split by kind.")
          .or(List.of());
  private static final Option<Optional<String>> VALUE =
      Option.text(
              "value",
              "What it shows, such as response_time, throughput or response_time_p95; by default"
                  + " what its name ends in, the unit aside.")
          .optional();

  static final Options OPTIONS = Options.of(NAME, TYPE, HELP, LABELS_WANTED, VALUE);

  private MetricOptions() {}

  static MetricSpec from(Settings block) {
    String name = NAME.from(block);
    MetricType type = TYPE.from(block);
    List<String> labels = LABELS_WANTED.from(block);
    labels.forEach(label -> checkLabel(block, label));
    if (type == MetricType.COUNTER && !name.isEmpty() && !name.endsWith("_total")) {
      block.refuse("name", "a counter's name to end in _total");
    }
    if (type == MetricType.HISTOGRAM && Measures.isInMillis(name)) {
      block.refuse("name", "a name without milliseconds: histograms are in seconds");
    }
    String status = first(labels, OF_STATUS);
    String errors = first(labels, OF_ERRORS);
    Measure measure = measure(block, name, type);
    if (errors != null) {
      measure = new Measure.ErrorKinds();
    }
    checkSplit(block, type, status, errors, measure);
    boolean ofSeries = first(labels, OF_SERIES) != null;
    return new MetricSpec(name, type, HELP.from(block), ofSeries, status, errors, measure);
  }

  private static void checkLabel(Settings block, String label) {
    if (!LABELS.contains(label)) {
      String nearest =
          Nearest.to(label, LABELS).map(meant -> ", did you mean " + meant + "?").orElse("");
      block.fault(
          "labels", "\"" + label + "\": expected one of " + String.join(", ", LABELS) + nearest);
    }
  }

  private static Measure measure(Settings block, String name, MetricType type) {
    Optional<String> value = VALUE.from(block);
    Optional<Measure> measure =
        value
            .or(() -> Measures.meantBy(type, name))
            .flatMap(meant -> Measures.of(type, meant, Measures.timesFactor(name)));
    if (measure.isEmpty()) {
      block.refuse("value", "one of " + String.join(", ", Measures.names(type)));
    }
    return measure.orElseGet(Measure.ErrorKinds::new);
  }

  private static void checkSplit(
      Settings block,
      MetricType type,
      @Nullable String status,
      @Nullable String errors,
      Measure measure) {
    if (errors != null && (type != MetricType.COUNTER || status != null)) {
      block.refuse("labels", "error_type on a counter of errors, and no status with it");
    }
    if (status != null && (type == MetricType.GAUGE || measure instanceof Measure.Bytes)) {
      block.refuse("labels", status + " on histograms and on counters of requests and errors only");
    }
  }

  private static @Nullable String first(List<String> labels, Set<String> wanted) {
    return labels.stream().filter(wanted::contains).findFirst().orElse(null);
  }
}
