package io.tailrace.sink.prometheus;

import io.tailrace.config.Durations;
import io.tailrace.config.Secret;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.prometheus.RunShape.Histograms;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How results get into Prometheus.
 *
 * @param remoteWrite where they are written to
 * @param pushgateway where they are pushed to
 * @param scrapePath where they can be scraped on the service's port
 * @param keepAfter how long a run that ended is still shown
 */
record PrometheusConfig(
    Optional<RemoteWriteConfig> remoteWrite,
    Optional<PushgatewayConfig> pushgateway,
    Optional<String> scrapePath,
    Duration keepAfter,
    RunShape shape) {

  /** Where and as whom to write. */
  record RemoteWriteConfig(
      URI address, Optional<Login> login, Optional<Secret> token, Optional<String> tenant) {}

  /** Where and how often to push. */
  record PushgatewayConfig(
      URI address,
      Optional<Login> login,
      Duration interval,
      String job,
      Optional<String> instance) {}

  /** A user and a password. */
  record Login(String user, Secret password) {}

  /** What distributions become in remote write. */
  enum WrittenHistograms {
    NATIVE,
    CLASSIC
  }

  private static final String WRITE_PATH = "/api/v1/write";

  private static final Option<Optional<URI>> ENDPOINT =
      Option.url(
              "endpoint",
              "A server that takes remote write: Prometheus (with"
                  + " --web.enable-remote-write-receiver), Mimir, VictoriaMetrics. Without a path,"
                  + " /api/v1/write.")
          .optional();
  private static final Option<Optional<String>> USERNAME =
      Option.text("username", "Whom to write as, with a password.").optional();
  private static final Option<Optional<Secret>> PASSWORD =
      Option.secret("password", "The password of username.").optional();
  private static final Option<Optional<Secret>> TOKEN =
      Option.secret("bearer_token", "Sent to the endpoint instead of a name.").optional();
  private static final Option<Optional<String>> TENANT =
      Option.text("tenant", "Sent to the endpoint as X-Scope-OrgID.").optional();
  private static final Option<WrittenHistograms> HISTOGRAMS =
      Option.choice(
              "histograms",
              "How distributions are written to the endpoint; native ones need Prometheus 2.40 and"
                  + " --enable-feature=native-histograms, or 3.8 and later.",
              WrittenHistograms.class)
          .or(WrittenHistograms.NATIVE);
  private static final Option<Integer> RESOLUTION =
      Option.integer(
              "native_resolution",
              "The schema of native histograms: 2 to this power buckets for each doubling. 5 makes"
                  + " them 2.2 % wide, 8 makes them 0.27 % wide.")
          .between(0, 8)
          .or(Buckets.DEFAULT.schema());
  private static final Option<List<Double>> BUCKETS =
      Option.texts("buckets", "The upper bounds of classic histograms, such as 5ms or 1s.")
          .as(PrometheusConfig::bounds, Buckets.DEFAULT.boundsSeconds())
          .or(Buckets.DEFAULT.boundsSeconds());
  private static final Option<Optional<URI>> PUSHGATEWAY =
      Option.url("pushgateway", "A Pushgateway; every run becomes a group of its own.").optional();
  private static final Option<Optional<String>> PUSH_USERNAME =
      Option.text("pushgateway_username", "Whom to push as.").optional();
  private static final Option<Optional<Secret>> PUSH_PASSWORD =
      Option.secret("pushgateway_password", "The password of pushgateway_username.").optional();
  private static final Option<Duration> PUSH_INTERVAL =
      Option.duration("push_interval", "How often a run is pushed; at its end in any case.")
          .between(Duration.ofMillis(100), Duration.ofMinutes(10))
          .or(Duration.ofSeconds(10));
  private static final Option<String> JOB_NAME =
      Option.text("job_name", "The label job of what is pushed or written.")
          .where(name -> !name.isBlank(), "a name")
          .or("tailrace");
  private static final Option<Optional<String>> INSTANCE =
      Option.text("instance", "The label instance of what is pushed or written.").optional();
  private static final Option<Boolean> SCRAPE =
      Option.flag("scrape", "Whether the service's port shows the runs.").or(true);
  private static final Option<String> SCRAPE_PATH =
      Option.text("scrape_path", "Where on the service's port; /metrics is the service's own.")
          .where(path -> path.matches("/[A-Za-z0-9/_.-]+"), "a path such as /runs")
          .where(path -> !path.equals("/metrics") && !path.startsWith("/health"), "a free path")
          .or("/runs");
  private static final Option<Duration> KEEP_AFTER =
      Option.duration(
              "keep_after",
              "How long a run that ended is still shown and pushed, so that its last values are"
                  + " scraped; then its group is deleted.")
          .between(Duration.ZERO, Duration.ofDays(7))
          .or(Duration.ofMinutes(2));
  private static final Option<Optional<Duration>> WINDOW =
      Option.duration(
              "window",
              "The width of the windows that are counted; the narrowest there are when not given."
                  + " 10s writes a tenth as much as 1s.")
          .atLeast(Duration.ofMillis(1))
          .optional();
  private static final Option<Boolean> STANDARD =
      Option.flag("standard_metrics", "Whether the load_test_ metrics are there.").or(true);
  private static final Option<List<MetricSpec>> METRICS =
      Option.blocks("metrics", "Further metrics.", MetricOptions.OPTIONS, MetricOptions::from);

  static final Options OPTIONS =
      Options.of(
          ENDPOINT,
          USERNAME,
          PASSWORD,
          TOKEN,
          TENANT,
          HISTOGRAMS,
          RESOLUTION,
          PUSHGATEWAY,
          PUSH_USERNAME,
          PUSH_PASSWORD,
          PUSH_INTERVAL,
          SCRAPE,
          SCRAPE_PATH,
          JOB_NAME,
          INSTANCE,
          KEEP_AFTER,
          BUCKETS,
          WINDOW,
          STANDARD,
          METRICS);

  static PrometheusConfig from(Settings block) {
    Optional<RemoteWriteConfig> remoteWrite = ENDPOINT.from(block).map(url -> remote(url, block));
    Optional<PushgatewayConfig> pushgateway = PUSHGATEWAY.from(block).map(url -> push(url, block));
    Optional<String> scrape = Optional.of(SCRAPE_PATH.from(block)).filter(p -> SCRAPE.from(block));
    if (remoteWrite.isEmpty() && pushgateway.isEmpty() && scrape.isEmpty()) {
      block.fault("endpoint", "expected endpoint, pushgateway or scrape: results go nowhere");
    }
    Histograms histograms =
        remoteWrite.isEmpty() ? Histograms.NONE : Histograms.valueOf(HISTOGRAMS.from(block).name());
    Map<String, String> target = new TreeMap<>();
    target.put("job", JOB_NAME.from(block));
    INSTANCE.from(block).ifPresent(instance -> target.put("instance", instance));
    RunShape shape =
        new RunShape(
            metrics(block),
            WINDOW.from(block),
            target,
            histograms,
            new Buckets(RESOLUTION.from(block), BUCKETS.from(block)));
    return new PrometheusConfig(remoteWrite, pushgateway, scrape, KEEP_AFTER.from(block), shape);
  }

  private static RemoteWriteConfig remote(URI url, Settings block) {
    boolean bare = url.getRawPath() == null || url.getRawPath().matches("/?");
    URI address = bare ? url.resolve(WRITE_PATH) : url;
    Optional<Login> login = login(block, USERNAME.from(block), "password", PASSWORD.from(block));
    Optional<Secret> token = TOKEN.from(block);
    if (login.isPresent() && token.isPresent()) {
      block.refuse("bearer_token", "either a token or username and password");
    }
    return new RemoteWriteConfig(address, login, token, TENANT.from(block));
  }

  private static PushgatewayConfig push(URI url, Settings block) {
    return new PushgatewayConfig(
        url,
        login(block, PUSH_USERNAME.from(block), "pushgateway_password", PUSH_PASSWORD.from(block)),
        PUSH_INTERVAL.from(block),
        JOB_NAME.from(block),
        INSTANCE.from(block));
  }

  private static Optional<Login> login(
      Settings block, Optional<String> user, String passwordKey, Optional<Secret> password) {
    if (user.isPresent() != password.isPresent()) {
      block.fault(passwordKey, "expected a name and a password, or neither");
    }
    return user.flatMap(name -> password.map(secret -> new Login(name, secret)));
  }

  private static List<MetricSpec> metrics(Settings block) {
    List<MetricSpec> metrics = new ArrayList<>();
    if (STANDARD.from(block)) {
      metrics.addAll(MetricSpec.STANDARD);
    }
    metrics.addAll(METRICS.from(block));
    Set<String> names = new HashSet<>();
    for (MetricSpec metric : metrics) {
      if (!names.add(metric.name())) {
        block.fault("metrics", "expected names that differ; there are two of " + metric.name());
      }
    }
    return metrics;
  }

  private static List<Double> bounds(List<String> texts) {
    List<Double> bounds =
        texts.stream().map(Durations::parse).map(span -> span.toNanos() / 1e9).toList();
    for (int i = 0; i < bounds.size(); i++) {
      if (bounds.get(i) <= (i == 0 ? 0 : bounds.get(i - 1))) {
        throw new IllegalArgumentException(texts + ": expected times that ascend from above zero");
      }
    }
    if (bounds.isEmpty() || bounds.size() > 200) {
      throw new IllegalArgumentException(bounds.size() + " buckets: expected 1 to 200");
    }
    return bounds;
  }
}
