package io.tailrace.sink.cloudwatch;

import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/**
 * An alarm on one of the metrics, before it is known which dimensions that has.
 *
 * @param statistic Average, Sum, Minimum, Maximum, SampleCount, or a percentile such as p95
 * @param datapoints how many of the periods must be beyond the threshold
 */
record AlarmSpec(
    String name,
    String metric,
    String statistic,
    double threshold,
    String comparison,
    Duration period,
    int evaluationPeriods,
    int datapoints,
    String missingData,
    String description,
    List<String> actions,
    List<String> okActions) {

  private static final Set<String> COMPARISONS =
      Set.of(
          "GreaterThanThreshold",
          "GreaterThanOrEqualToThreshold",
          "LessThanThreshold",
          "LessThanOrEqualToThreshold");
  private static final Set<String> MISSING_DATA_MEANS =
      Set.of("notBreaching", "breaching", "ignore", "missing");
  private static final String PERCENTILE = "p(100|\\d{1,2})(\\.\\d{1,10})?";
  private static final int MOST_ACTIONS = 5;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_ARN = 1_024;
  private static final Duration LONG_PERIOD = Duration.ofHours(1);
  private static final Duration LONGEST_EVALUATION = Duration.ofDays(1);
  private static final Duration LONGEST_EVALUATION_OF_LONG_PERIODS = Duration.ofDays(7);

  private static final Option<String> NAME =
      Option.text(
              "name",
              "The alarm's name. Where the metric's dimensions differ from test to test, their"
                  + " values are put behind it.")
          .where(
              name ->
                  !name.isBlank()
                      && name.length() <= LONGEST_NAME
                      && name.chars().noneMatch(c -> c < ' ' || c == 0x7F),
              "1 to 200 characters without control characters")
          .required();
  private static final Option<String> METRIC =
      Option.text("metric", "The name of a metric above.").required();
  private static final Option<String> STATISTIC =
      Option.text("statistic", "Average, Sum, Minimum, Maximum, SampleCount, or such as p95.")
          .where(
              AlarmSpec::isStatistic, "Average, Sum, Minimum, Maximum, SampleCount or such as p95")
          .or("Average");
  private static final Option<Double> THRESHOLD =
      Option.number("threshold", "What it is held against, in the metric's unit.").required();
  private static final Option<String> COMPARISON =
      Option.text("comparison", "When the threshold is crossed.")
          .where(COMPARISONS::contains, "one of " + String.join(", ", new TreeSet<>(COMPARISONS)))
          .or("GreaterThanThreshold");
  private static final Option<Duration> PERIOD =
      Option.duration("period", "What one value is taken over: 10s, 20s, 30s or whole minutes.")
          .where(AlarmSpec::isPeriod, "10s, 20s, 30s or whole minutes")
          .or(Duration.ofMinutes(1));
  private static final Option<Integer> EVALUATION_PERIODS =
      Option.integer("evaluation_periods", "How many periods are looked at.")
          .between(1, 8_640)
          .or(1);
  private static final Option<Optional<Integer>> DATAPOINTS =
      Option.integer(
              "datapoints_to_alarm",
              "How many of them must be beyond the threshold; without it, all.")
          .between(1, 8_640)
          .optional();
  private static final Option<String> MISSING_DATA =
      Option.text("treat_missing_data", "What a period without data means, as when no run is on.")
          .where(MISSING_DATA_MEANS::contains, "notBreaching, breaching, ignore or missing")
          .or("notBreaching");
  private static final Option<String> DESCRIPTION =
      Option.text("description", "Shown with the alarm.")
          .where(text -> text.length() <= 1_024, "at most 1024 characters")
          .or("Put by Tailrace.");
  private static final Option<List<String>> ACTIONS =
      Option.texts("actions", "What is told of an alarm: ARNs, such as an SNS topic's.")
          .where(AlarmSpec::areArns, "at most 5 ARNs")
          .or(List.of());
  private static final Option<List<String>> OK_ACTIONS =
      Option.texts("ok_actions", "What is told when it is over: ARNs.")
          .where(AlarmSpec::areArns, "at most 5 ARNs")
          .or(List.of());

  static final Options OPTIONS =
      Options.of(
          NAME,
          METRIC,
          STATISTIC,
          THRESHOLD,
          COMPARISON,
          PERIOD,
          EVALUATION_PERIODS,
          DATAPOINTS,
          MISSING_DATA,
          DESCRIPTION,
          ACTIONS,
          OK_ACTIONS);

  static AlarmSpec from(Settings block) {
    int periods = EVALUATION_PERIODS.from(block);
    return new AlarmSpec(
        NAME.from(block),
        METRIC.from(block),
        STATISTIC.from(block),
        THRESHOLD.from(block),
        COMPARISON.from(block),
        PERIOD.from(block),
        periods,
        DATAPOINTS.from(block).orElse(periods),
        MISSING_DATA.from(block),
        DESCRIPTION.from(block),
        ACTIONS.from(block),
        OK_ACTIONS.from(block));
  }

  private static boolean isStatistic(String text) {
    return text.matches(PERCENTILE)
        || Statistic.knownValues().stream().anyMatch(each -> each.toString().equals(text));
  }

  boolean isPercentile() {
    return statistic.matches(PERCENTILE);
  }

  private static boolean isPeriod(Duration period) {
    long seconds = period.toSeconds();
    boolean whole = period.equals(Duration.ofSeconds(seconds)) && seconds > 0;
    return whole && (List.of(10L, 20L, 30L).contains(seconds) || seconds % 60 == 0);
  }

  private static boolean areArns(List<String> texts) {
    return texts.size() <= MOST_ACTIONS
        && texts.stream().allMatch(each -> each.startsWith("arn:") && each.length() <= LONGEST_ARN);
  }

  /** Why this alarm cannot be on that metric, if so. */
  Optional<String> objection(MetricSpec watched, Duration window) {
    if (watched.isOfOneRun()) {
      return Optional.of(
          name + " watches " + metric + ", whose dimensions name the run: each run would need one");
    }
    if (datapoints > evaluationPeriods) {
      return Optional.of(
          name + ": datapoints_to_alarm " + datapoints + " of " + evaluationPeriods + " periods");
    }
    boolean ofLongPeriods = period.compareTo(LONG_PERIOD) >= 0;
    Duration longest = ofLongPeriods ? LONGEST_EVALUATION_OF_LONG_PERIODS : LONGEST_EVALUATION;
    if (period.multipliedBy(evaluationPeriods).compareTo(longest) > 0) {
      return Optional.of(
          name
              + " looks at more than "
              + (ofLongPeriods ? "seven days" : "a day, the most with periods below an hour")
              + ", CloudWatch does not");
    }
    if (period.toSeconds() < 60 && DatumEncoder.resolution(window) == 60) {
      return Optional.of(
          name
              + " has a period of "
              + period.toSeconds()
              + " s; windows of a minute cannot fill it");
    }
    return Optional.empty();
  }

  /** The name of the alarm on these dimensions. */
  String nameFor(MetricSpec watched, Dimensions dimensions) {
    if (!watched.isOfOneTest() || dimensions.values().isEmpty()) {
      return name;
    }
    String full = name + " " + String.join(" ", dimensions.values().values());
    return Dimensions.shortened(full, 255);
  }
}
