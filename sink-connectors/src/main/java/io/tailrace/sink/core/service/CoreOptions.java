package io.tailrace.sink.core.service;

import io.tailrace.config.Durations;
import io.tailrace.config.Secret;
import io.tailrace.config.Settings;
import io.tailrace.objective.Glob;
import io.tailrace.objective.SeriesSelector;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.HttpProxy;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.Tuning;
import io.tailrace.sink.core.runner.Backoff;
import io.tailrace.sink.core.runner.Pace;
import io.tailrace.sink.core.runner.RunnerConfig;
import io.tailrace.sink.core.runner.Selection;
import io.tailrace.sink.core.service.Integrations.Compression;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The keys that every sink's block has, with the defaults of one target and one installation. */
final class CoreOptions {
  private static final int DEFAULT_MOST_FAILURES = 10;
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration MISCONFIGURED = Duration.ofMinutes(1);

  private static final Option<List<Glob>> RUNS = globs("runs", "Run ids to deliver.");
  private static final Option<List<Glob>> TESTS = globs("tests", "Test names to deliver.");
  private static final Option<List<Glob>> ENVIRONMENTS =
      globs("environments", "Environments to deliver.");
  private static final Option<List<SeriesSelector>> SERIES =
      Option.texts(
              "series",
              "Series to deliver: names, globs, tests such as method == \"GET\"; * is the run.")
          .as(
              texts -> texts.stream().map(SeriesSelector::parse).toList(),
              List.<SeriesSelector>of())
          .or(List.of());
  private static final Option<Set<Long>> WINDOWS =
      Option.texts("windows", "Sizes of windows to deliver, such as 10s.")
          .as(CoreOptions::micros, Set.<Long>of())
          .or(Set.of());
  private static final Option<Boolean> TOTALS =
      Option.flag("totals", "Whether runs' totals are delivered.").or(true);
  private static final Option<List<Glob>> METRICS = globs("metrics", "Metrics to send.");
  private static final Option<Map<String, String>> RENAME =
      Option.textMap("rename", "Other names for metrics: the name here, then the name there.");
  private static final Option<Selection> FILTER =
      Option.block(
          "filter",
          "Which records are delivered; everything, unless said otherwise.",
          Options.of(RUNS, TESTS, ENVIRONMENTS, SERIES, WINDOWS, TOTALS),
          block ->
              new Selection(
                  RUNS.from(block),
                  TESTS.from(block),
                  ENVIRONMENTS.from(block),
                  SERIES.from(block),
                  WINDOWS.from(block),
                  TOTALS.from(block)));
  private static final Option<MetricShape> SHAPE =
      Option.block(
          "shape",
          "What is sent of a record.",
          Options.of(METRICS, RENAME),
          block -> new MetricShape(METRICS.from(block), RENAME.from(block)));

  private final Integrations integrations;
  private final Option<Boolean> enabled =
      Option.flag("enabled", "Whether it runs when all are started.").or(true);
  private final Option<Optional<String>> type =
      Option.text("type", "Which sink it is, where the block is called otherwise.").optional();
  private final Option<Integer> batchSize;
  private final Option<Long> batchBytes;
  private final Option<Duration> flushInterval;
  private final Option<Integer> parallelism;
  private final Option<Duration> timeout;
  private final Option<Compression> compression;
  private final Option<Optional<Path>> certificates =
      Option.path("ca_file", "PEM file of the authorities to trust instead of Java's own.")
          .where(Files::isReadable, "a PEM file that can be read")
          .optional();
  private final Option<URI> proxyUrl =
      Option.url("url", "Where it is, such as http://proxy:3128.")
          .where(url -> "http".equals(url.getScheme()), "an http:// address")
          .required();
  private final Option<Optional<String>> proxyUser =
      Option.text("username", "Who it lets through.").optional();
  private final Option<Optional<Secret>> proxyPassword =
      Option.secret("password", "The password of username.").optional();
  private final Option<Optional<HttpProxy>> proxy =
      Option.optionalBlock(
          "proxy",
          "A proxy to send requests through; those of the environment are not used.",
          Options.of(proxyUrl, proxyUser, proxyPassword),
          block ->
              new HttpProxy(
                  proxyUrl.from(block), proxyUser.from(block), proxyPassword.from(block)));
  private final Option<Integer> maxAttempts;
  private final Option<Optional<Double>> rateLimit =
      Option.number("rate_limit", "Most requests a second.").between(0.001, 1e6).optional();
  private final Option<Optional<Integer>> maxSeries =
      Option.integer(
              "max_series",
              "Most series of one run to send, those that come first; further ones are counted and"
                  + " not sent. The run as a whole is not among them: it is always sent.")
          .between(1, 50_000)
          .optional();
  private final Option<Optional<Integer>> retryAttempts =
      Option.integer("attempts", "As max_attempts.").between(1, 1_000_000).optional();
  private final Option<Optional<Backoff.Strategy>> retryBackoff =
      Option.choice("backoff", "How waits grow.", Backoff.Strategy.class).optional();
  private final Option<Optional<Duration>> retryDelay =
      Option.duration("delay", "The first wait, at most.")
          .between(Duration.ofMillis(1), Duration.ofHours(1))
          .optional();
  private final Option<Optional<Duration>> retryMaxDelay =
      Option.duration("max_delay", "The longest wait.")
          .between(Duration.ofMillis(1), Duration.ofHours(24))
          .optional();
  private final Option<Integrations.Handling> retry;

  CoreOptions(Tuning tuning, Integrations integrations) {
    this.integrations = integrations;
    batchSize =
        Option.integer(tuning.batchSizeKey(), "Most records in one request.")
            .between(1, 1_000_000)
            .or(tuning.batchSize());
    batchBytes =
        Option.size("batch_bytes", "Most bytes of records in one request, as Kafka holds them.")
            .between(1L, 1L << 30)
            .or(tuning.batchBytes());
    flushInterval =
        Option.duration("flush_interval", "How long a record may wait for its batch to fill.")
            .between(Duration.ZERO, Duration.ofHours(1))
            .or(tuning.flushInterval());
    parallelism =
        Option.integer("parallelism", "Most requests under way, each of another partition.")
            .between(1, 256)
            .or(tuning.parallelism());
    timeout =
        Option.duration("timeout", "From the beginning of a request to the end of its answer.")
            .between(Duration.ofMillis(10), Duration.ofHours(1))
            .or(integrations.handling().timeout().orElse(HttpConfig.DEFAULT.timeout()));
    compression =
        Option.choice("compression", "How request bodies are packed.", Compression.class)
            .or(integrations.performance().compression().orElse(Compression.GZIP));
    maxAttempts =
        Option.integer(
                "max_attempts",
                "Failures in a row after which the target is left alone for a while; nothing is"
                    + " discarded.")
            .between(1, 1_000_000)
            .or(integrations.handling().maxAttempts().orElse(DEFAULT_MOST_FAILURES));
    retry =
        Option.block(
            "retry",
            "How failed attempts are repeated.",
            Options.of(retryAttempts, retryBackoff, retryDelay, retryMaxDelay),
            block ->
                new Integrations.Handling(
                    retryAttempts.from(block),
                    retryBackoff.from(block),
                    retryDelay.from(block),
                    retryMaxDelay.from(block),
                    Optional.empty()));
  }

  /** As documented, in this order. */
  Options options() {
    return Options.of(
        enabled,
        type,
        batchSize,
        batchBytes,
        flushInterval,
        parallelism,
        timeout,
        compression,
        certificates,
        proxy,
        maxAttempts,
        retry,
        rateLimit,
        maxSeries,
        FILTER,
        SHAPE);
  }

  boolean isEnabled(Settings block) {
    return enabled.from(block);
  }

  Selection selection(Settings block) {
    return FILTER.from(block);
  }

  MetricShape shape(Settings block) {
    return SHAPE.from(block);
  }

  Pace pace(Settings block) {
    int items = integrations.performance().batches() ? batchSize.from(block) : 1;
    int bytes = (int) Math.min(Integer.MAX_VALUE, batchBytes.from(block));
    return new Pace(
        items,
        bytes,
        flushInterval.from(block),
        parallelism.from(block),
        // As much as the next attempt takes; what is read further ahead only costs memory.
        bytes,
        backoff(block),
        MISCONFIGURED,
        DRAIN);
  }

  RunnerConfig.Limits limits(Settings block) {
    int failures = retry.from(block).maxAttempts().orElse(maxAttempts.from(block));
    double rate = rateLimit.from(block).orElse(Double.POSITIVE_INFINITY);
    int series = maxSeries.from(block).orElse(Integer.MAX_VALUE);
    return new RunnerConfig.Limits(failures, backoff(block).max(), rate, series);
  }

  private Backoff backoff(Settings block) {
    Integrations.Handling own = retry.from(block);
    Integrations.Handling all = integrations.handling();
    Backoff.Strategy strategy = own.strategy().or(all::strategy).orElse(Backoff.DEFAULT.strategy());
    Duration initial = own.initialDelay().or(all::initialDelay).orElse(Backoff.DEFAULT.initial());
    Duration max = own.maxDelay().or(all::maxDelay).orElse(Backoff.DEFAULT.max());
    return new Backoff(initial, max.compareTo(initial) < 0 ? initial : max, strategy);
  }

  HttpConfig http(Settings block) {
    Integrations.Performance performance = integrations.performance();
    return new HttpConfig(
        timeout.from(block),
        compression.from(block) == Compression.GZIP,
        performance.maxConnections().orElse(HttpConfig.DEFAULT.connections()),
        performance.pooled(),
        performance.idleTimeout().orElse(HttpConfig.DEFAULT.idleTimeout()),
        HttpConfig.DEFAULT.largestAnswer(),
        certificates.from(block),
        proxy.from(block));
  }

  private static Option<List<Glob>> globs(String key, String about) {
    return Option.texts(key, about + " Globs; all when absent.")
        .as(texts -> texts.stream().map(Glob::of).toList(), List.<Glob>of())
        .or(List.of());
  }

  private static Set<Long> micros(List<String> windows) {
    return windows.stream()
        .map(window -> TimeUnit.NANOSECONDS.toMicros(Durations.parse(window).toNanos()))
        .collect(Collectors.toUnmodifiableSet());
  }
}
