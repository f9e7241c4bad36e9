package io.tailrace.cli;

import io.tailrace.config.Durations;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.config.Sizes;
import io.tailrace.config.TopicsConfig;
import io.tailrace.generator.LoadOptions;
import io.tailrace.generator.LoadSession;
import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.Publishing;
import io.tailrace.generator.RunScreen;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.PlanReader;
import io.tailrace.generator.plan.Share;
import io.tailrace.generator.screen.MeteredScreen;
import io.tailrace.generator.screen.PlainScreen;
import io.tailrace.generator.screen.SummaryJson;
import io.tailrace.generator.screen.TerminalScreen;
import io.tailrace.publisher.SteadyClock;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.RunSummary;
import io.tailrace.service.EndpointConfig;
import io.tailrace.service.Shutdown;
import io.tailrace.topics.Topics;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends load by a plan, and publishes every request. */
@Command(
    name = "load",
    description = "Send load to an HTTP server and publish every request.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:done",
      "  1:failed, or not every sample reached Kafka",
      "  2:wrong plan or usage",
      "  3:aborted",
      "143:ended by SIGTERM, once drained",
      " 9x:with --wait, as of 'tailrace verdict'"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tailrace load --url http://localhost:8080/ --rate 500 --duration 30s",
      "  tailrace load plan.yaml",
      "  tailrace load plan.yaml --wait",
      "  tailrace load plan.yaml --run nightly-42 --node 2/8"
    })
final class LoadCommand implements Callable<Integer> {
  /** The nodes were told to stop before the plan was done. */
  private static final int ABORTED = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration VERDICT_PATIENCE = Duration.ofSeconds(60);
  private static final Duration LINE_EVERY = Duration.ofSeconds(1);
  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Session session;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Mixin private PlanOptions plans = new PlanOptions();

  @Option(names = "--run", description = "The run's id, the same on all of its nodes.")
  private @Nullable String run;

  @Option(names = "--node", paramLabel = "I/N", description = "This is node I of N (default: 1/1).")
  private String node = "1/1";

  @Option(names = "--start-at", description = "When to start, such as 2026-11-21T02:00:00Z.")
  private @Nullable String startAt;

  @Option(names = "--wait-for-nodes", description = "How long, for the fleet (default: 5m).")
  private String waitForNodes = "5m";

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      description =
          "Send to itself first, so that no second is late; at most this long (default: 10s).")
  private String warmUp = "10s";

  @Option(names = "--event-loops", description = "Threads that send (default: half the cores).")
  private int eventLoops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  @Option(names = "--no-rehearsal", description = "Do not play extracting scenarios once before.")
  private boolean unrehearsed;

  @Option(names = "--no-publish", description = "Only sum up; send nothing to Kafka.")
  private boolean unpublished;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "For samples while Kafka is away (default: 64MiB).")
  private String memory = "64MiB";

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Answer /metrics on this machine, 0 for any port (default: not at all).")
  private @Nullable Integer metricsPort;

  @Option(names = "--quiet", description = "Show nothing while it runs.")
  private boolean quiet;

  @Option(
      names = "--wait",
      description = "Wait for the verdict, a minute at most, and end with its exit code.")
  private boolean awaited;

  @Option(names = "--json", description = "The summary as JSON on standard output.")
  private boolean json;

  LoadCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Given given = cluster.open(session).read(Given::from);
    if (!plans.nameATarget(session)) {
      throw CommandFailure.wrongUsage("what to send to? Give a plan, or --url URL and --rate N");
    }
    SettingsSource source = plans.source(session, cluster.literalSecretsAllowed());
    Plan plan = PlanReader.read(source);
    Pipeline pipeline = pipeline(given, source);
    if (awaited && pipeline == null) {
      throw CommandFailure.wrongUsage("--wait: what is not published has no verdict");
    }
    LoadOptions options = options(plan);
    try (RunScreen screen = screen()) {
      plan.notes().forEach(screen::say);
      if (pipeline == null && !unpublished) {
        screen.say("not published: no Kafka cluster is named, and none runs on this machine");
      }
      LoadSession load = new LoadSession(plan, options, publishing(pipeline), screen);
      load.check(plans.origin(), !unrehearsed);
      LoadSummary summary = run(load);
      if (json) {
        session.out().println(SummaryJson.of(summary));
      }
      return awaited && pipeline != null ? verdict(pipeline, summary) : exitCode(summary);
    }
  }

  private @Nullable Publishing publishing(@Nullable Pipeline pipeline) {
    if (pipeline == null) {
      return null;
    }
    return new Publishing(pipeline.kafka().clientProperties(), pipeline.topics(), memoryBytes());
  }

  private long memoryBytes() {
    long bytes = given("--memory", memory, Sizes::parse);
    if (bytes < Publishing.LEAST_MEMORY_BYTES || bytes > Integer.MAX_VALUE) {
      throw CommandFailure.wrongUsage("--memory " + memory + ": expected 1MiB to 2GiB");
    }
    return bytes;
  }

  /** The run's verdict says more than this node can. */
  private int verdict(Pipeline pipeline, LoadSummary summary) {
    RunSummary judged = VerdictCommand.find(pipeline, summary.run(), VERDICT_PATIENCE);
    if (judged == null) {
      session
          .err()
          .printf(
              "tailrace load: no verdict on run %s within %d s; does an aggregator run?%n",
              summary.run(), VERDICT_PATIENCE.toSeconds());
      return ExitCode.NO_VERDICT;
    }
    VerdictReport report = new VerdictReport(judged);
    (json ? session.err() : session.out()).print(report.text());
    return report.exitCode();
  }

  /** What the configuration says besides the plan. */
  private record Given(KafkaConnection kafka, Topics topics) {
    static Given from(Settings root) {
      // How many partitions topics have is of no interest to those who only write to them.
      TopicsConfig topics = TopicsConfig.from(root.block(TopicsConfig.BLOCK), 1);
      return new Given(KafkaConnection.from(root), topics.topics());
    }
  }

  /** Where the samples go; null when the run is only summed up. */
  private @Nullable Pipeline pipeline(Given given, SettingsSource source) {
    if (unpublished) {
      return null;
    }
    KafkaConnection named =
        given.kafka().bootstrapServers().isPresent() ? given.kafka() : PlanReader.kafka(source);
    if (named.bootstrapServers().isEmpty()
        && LocalCluster.running(session.environment()).isEmpty()) {
      return null;
    }
    KafkaConnection reachable = ClusterOptions.reachable(named, session);
    if (reachable.registryUrl().isEmpty()) {
      throw CommandFailure.wrongUsage(
          "which schema registry? Give --schema-registry URL, or run: tailrace registry");
    }
    return new Pipeline(reachable, given.topics());
  }

  private LoadOptions options(Plan plan) {
    Share share = given("--node", node, Share::parse);
    Duration patience = given("--wait-for-nodes", waitForNodes, Durations::parse);
    Duration warmingUp = given("--warm-up", warmUp, Durations::parse);
    Long start = startAt == null ? null : given("--start-at", startAt, LoadCommand::micros);
    if (eventLoops < 1 || eventLoops > 256) {
      throw CommandFailure.wrongUsage("--event-loops " + eventLoops + ": expected 1 to 256");
    }
    String id = run;
    if (id == null && share.of() > 1) {
      throw CommandFailure.wrongUsage("which run? All nodes of a fleet need the same --run ID");
    }
    return new LoadOptions(
        id == null ? defaultRun(plan) : id,
        "node-" + (share.index() + 1),
        share,
        eventLoops,
        start,
        patience,
        warmingUp);
  }

  /** What an option says; in what it does not mean, the option is named. */
  private static <T> T given(String option, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUsage(option + ": " + e.getMessage());
    }
  }

  private static long micros(String moment) {
    try {
      return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(moment));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "\"" + moment + "\" is not a moment such as 2026-11-21T02:00:00Z", e);
    }
  }

  private static String defaultRun(Plan plan) {
    Instant now = Instant.EPOCH.plus(new SteadyClock().getAsLong(), ChronoUnit.MICROS);
    String slug = plan.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return slug + "-" + RUN_TIME.format(now);
  }

  private RunScreen screen() {
    RunScreen screen = plainScreen();
    Integer port = metricsPort;
    if (port == null) {
      return screen;
    }
    if (port < 0 || port > 65_535) {
      throw CommandFailure.wrongUsage("--metrics-port " + port + ": expected 0 (any) to 65535");
    }
    MeteredScreen metered = new MeteredScreen(screen, new EndpointConfig(LOOPBACK, port));
    metered.say("metrics: " + metered.url() + "/metrics");
    return metered;
  }

  private RunScreen plainScreen() {
    PrintWriter to = json ? session.err() : session.out();
    if (quiet) {
      return PlainScreen.silent(to);
    }
    return Terminal.isPresent(session.environment())
        ? new TerminalScreen(to, new Terminal(session.environment())::width)
        : new PlainScreen(to, LINE_EVERY);
  }

  /** Runs to the end, or until the process is asked to end, and then drains. */
  private static LoadSummary run(LoadSession load) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    Shutdown shutdown = Shutdown.install(PATIENCE);
    shutdown.closing(
        "load",
        () -> {
          load.stop("the process was asked to end");
          over.await();
        });
    try {
      return load.run();
    } finally {
      over.countDown();
    }
  }

  private static int exitCode(LoadSummary summary) {
    if (summary.reason() == LeaveReason.ABORTED) {
      return ABORTED;
    }
    return summary.isWhole() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
