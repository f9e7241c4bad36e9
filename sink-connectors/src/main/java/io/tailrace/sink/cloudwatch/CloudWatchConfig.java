package io.tailrace.sink.cloudwatch;

import io.tailrace.config.Secret;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which metrics go where.
 *
 * @param credentials empty for what the machine or its environment provides
 * @param window the length of the windows that are sent
 */
record CloudWatchConfig(
    String region,
    String namespace,
    Optional<URI> endpoint,
    Optional<Keys> credentials,
    Duration window,
    List<MetricSpec> metrics,
    List<AlarmSpec> alarms) {

  /** A pair of keys that stands in the configuration. */
  record Keys(Secret accessKey, Secret secretKey, Optional<Secret> sessionToken) {
    private static final Option<Secret> ACCESS_KEY =
        Option.secret("access_key", "The key's id.")
            .where(Keys::isGiven, "a key that is not empty")
            .required();
    private static final Option<Secret> SECRET_KEY =
        Option.secret("secret_key", "The key itself.")
            .where(Keys::isGiven, "a key that is not empty")
            .required();
    private static final Option<Optional<Secret>> SESSION_TOKEN =
        Option.secret("session_token", "The third part of a temporary key.").optional();
    static final Options OPTIONS = Options.of(ACCESS_KEY, SECRET_KEY, SESSION_TOKEN);

    private static boolean isGiven(Secret key) {
      return !key.reveal().isBlank();
    }

    static Keys from(Settings block) {
      return new Keys(ACCESS_KEY.from(block), SECRET_KEY.from(block), SESSION_TOKEN.from(block));
    }
  }

  private static final String NAMESPACE_EXPECTED =
      "1 to 255 letters, digits, blanks and . - _ / #, not beginning with AWS/";

  private static final Option<String> REGION =
      Option.text("region", "The region, such as us-west-2.")
          .where(
              region -> region.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"),
              "a region such as us-west-2")
          .required();
  private static final Option<String> NAMESPACE =
      Option.text("namespace", "The namespace of all its metrics.")
          .where(
              name -> name.matches("[A-Za-z0-9._/# -]{1,255}") && !name.startsWith("AWS/"),
              NAMESPACE_EXPECTED)
          .or("Tailrace");
  private static final Option<Optional<URI>> ENDPOINT =
      Option.url("endpoint", "Another address than the region's own, such as a VPC endpoint.")
          .optional();
  private static final Option<Optional<Keys>> CREDENTIALS =
      Option.optionalBlock(
          "credentials",
          "Keys to sign with; without them the standard chain of the AWS SDK is asked: environment,"
              + " profile, container, instance.",
          Keys.OPTIONS,
          Keys::from);
  private static final Option<Duration> WINDOW =
      Option.duration("window", "Which windows are sent: 1s, 10s or 1m.")
          .where(
              span ->
                  List.of(1L, 10L, 60L).contains(span.toSeconds()) && span.toMillis() % 1000 == 0,
              "1s, 10s or 1m")
          .or(Duration.ofSeconds(1));
  private static final Option<List<MetricSpec>> METRICS =
      Option.blocks(
          "metrics",
          "What is sent. Without it: ResponseTime, Throughput, ErrorRate, Requests, Errors and"
              + " ActiveUsers by TestName and Environment.",
          MetricSpec.OPTIONS,
          MetricSpec::from);
  private static final Option<List<AlarmSpec>> ALARMS =
      Option.blocks(
          "alarms",
          "Alarms, put when a run first shows the dimensions of their metric.",
          AlarmSpec.OPTIONS,
          AlarmSpec::from);

  static final Options OPTIONS =
      Options.of(REGION, NAMESPACE, ENDPOINT, CREDENTIALS, WINDOW, METRICS, ALARMS);

  CloudWatchConfig {
    metrics = List.copyOf(metrics);
    alarms = List.copyOf(alarms);
  }

  static CloudWatchConfig from(Settings block) {
    List<MetricSpec> metrics = METRICS.from(block);
    CloudWatchConfig config =
        new CloudWatchConfig(
            REGION.from(block),
            NAMESPACE.from(block),
            ENDPOINT.from(block),
            CREDENTIALS.from(block),
            WINDOW.from(block),
            metrics.isEmpty() ? MetricSpec.STANDARD : metrics,
            ALARMS.from(block));
    config.refuseWhatContradicts(block);
    block.cannotApply("shape", "metrics says what is sent, and under which names");
    return config;
  }

  /** What each block alone cannot see. */
  private void refuseWhatContradicts(Settings block) {
    if (metrics.size() > MetricSpec.MOST) {
      block.fault("metrics", metrics.size() + " metrics, expected at most " + MetricSpec.MOST);
    }
    Map<String, MetricSpec> byName = new HashMap<>();
    for (MetricSpec metric : metrics) {
      MetricSpec twin = byName.putIfAbsent(metric.name(), metric);
      if (twin != null && twin.dimensionNames().equals(metric.dimensionNames())) {
        block.fault(
            "metrics",
            metric.name() + " stands here twice with the same dimensions: its values would mix");
      }
    }
    for (AlarmSpec alarm : alarms) {
      MetricSpec metric = byName.get(alarm.metric());
      if (metric == null) {
        block.fault(
            "alarms",
            alarm.name() + " watches " + alarm.metric() + ", expected one of " + byName.keySet());
      } else {
        alarm.objection(metric, window).ifPresent(problem -> block.fault("alarms", problem));
      }
    }
  }
}
