package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.TopicsConfig;
import io.tailrace.topics.Drift;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.TopicSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists, creates and checks the topics of the catalogue in a cluster. */
@Command(
    name = "topics",
    description = "List, create or check Tailrace's topics in a cluster.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExample:%n",
    footer = "  tailrace topics check --bootstrap-server kafka:9092")
final class TopicsCommand implements Runnable {
  private final Session session;

  @Spec private CommandSpec spec = CommandSpec.create();

  TopicsCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list, create or check");
  }

  @Command(
      description = "Show every topic, how long it keeps its records, and whether it is there.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace topics list --bootstrap-server kafka:9092")
  int list(@Mixin ClusterOptions cluster, @Mixin TopicOptions topics) {
    return in(cluster, topics, target -> list(target));
  }

  @Command(
      description = "Create the topics that are missing; those that are there stay as they are.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace topics create --bootstrap-server kafka:9092 --partitions 64")
  int create(@Mixin ClusterOptions cluster, @Mixin TopicOptions topics) {
    return in(cluster, topics, target -> create(target));
  }

  @Command(
      description = "Say what differs from the catalogue, by topic and setting; exit 1 if any.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace topics check --bootstrap-server kafka:9092")
  int check(@Mixin ClusterOptions cluster, @Mixin TopicOptions topics) {
    return in(cluster, topics, target -> check(target));
  }

  /** Flags of the {@code topics:} block. */
  static final class TopicOptions {
    @Option(names = "--prefix", paramLabel = "TEXT", description = "What topic names start with.")
    private @Nullable String prefix;

    @Option(names = "--partitions", paramLabel = "N", description = "Of topics keyed by run.")
    private @Nullable String partitions;

    @Option(names = "--replication", paramLabel = "N", description = "Copies of each partition.")
    private @Nullable String replication;

    Map<String, @Nullable String> flags() {
      Map<String, @Nullable String> flags = new HashMap<>();
      flags.put("topics.prefix", prefix);
      flags.put("topics.partitions", partitions);
      flags.put("topics.replication", replication);
      return flags;
    }
  }

  private record Target(Admin admin, TopicCatalogue catalogue, short replication) {}

  private record Given(KafkaConnection kafka, TopicsConfig topics) {}

  private int in(ClusterOptions options, TopicOptions topics, ToIntFunction<Target> work) {
    Given given = options.open(session, topics.flags()).read(TopicsCommand::given);
    try (Cluster cluster = Cluster.connect(ClusterOptions.reachable(given.kafka(), session))) {
      return cluster.call(
          admin ->
              work.applyAsInt(
                  new Target(admin, given.topics().catalogue(), given.topics().replication())));
    }
  }

  private static Given given(Settings root) {
    KafkaConnection kafka = KafkaConnection.from(root);
    // Without a cluster named, it can only be the embedded one, whose topics are smaller.
    int partitions =
        kafka.bootstrapServers().isPresent()
            ? TopicCatalogue.DEFAULT_PARTITIONS
            : LocalCluster.PARTITIONS;
    return new Given(kafka, TopicsConfig.from(root.block(TopicsConfig.BLOCK), partitions));
  }

  private int list(Target target) {
    Map<String, List<Drift>> drifts =
        target.catalogue().check(target.admin()).stream()
            .collect(Collectors.groupingBy(Drift::topic));
    String row = "%-28s %10s  %-12s %s%n";
    session.out().printf(row, "TOPIC", "PARTITIONS", "KEPT", "STATE");
    for (TopicSpec topic : target.catalogue().topics()) {
      String state = state(drifts.getOrDefault(topic.name(), List.of()));
      session.out().printf(row, topic.name(), topic.partitions(), kept(topic), state);
    }
    return ExitCode.DONE;
  }

  private int create(Target target) {
    Set<String> missing =
        target.catalogue().check(target.admin()).stream()
            .filter(TopicsCommand::isAbsence)
            .map(Drift::topic)
            .collect(Collectors.toSet());
    target.catalogue().create(target.admin(), target.replication());
    for (TopicSpec topic : target.catalogue().topics()) {
      session
          .out()
          .println((missing.contains(topic.name()) ? "created " : "present ") + topic.name());
    }
    return ExitCode.DONE;
  }

  private int check(Target target) {
    List<Drift> drifts = target.catalogue().check(target.admin());
    drifts.forEach(session.out()::println);
    if (drifts.isEmpty()) {
      session.out().printf("%d topics as they should be%n", target.catalogue().topics().size());
    }
    return drifts.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static String state(List<Drift> drifts) {
    if (drifts.isEmpty()) {
      return "as it should be";
    }
    return drifts.stream().anyMatch(TopicsCommand::isAbsence)
        ? "missing"
        : "differs in " + drifts.stream().map(Drift::setting).collect(Collectors.joining(", "));
  }

  private static boolean isAbsence(Drift drift) {
    return drift.setting().equals(Drift.EXISTENCE);
  }

  private static String kept(TopicSpec topic) {
    String millis = topic.config().get(TopicConfig.RETENTION_MS_CONFIG);
    return millis == null
        ? "latest by key"
        : Duration.ofMillis(Long.parseLong(millis)).toDays() + " days";
  }
}
