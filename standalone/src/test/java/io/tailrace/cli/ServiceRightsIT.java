package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.aggregator.app.Aggregator;
import io.tailrace.aggregator.app.AggregatorConfig;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.embedded.SecuredKafka;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.runner.Pace;
import io.tailrace.sink.core.runner.RunnerConfig;
import io.tailrace.sink.core.runner.SinkRunner;
import io.tailrace.sink.results.ResultsSink;
import io.tailrace.topics.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every part, each as its own user with exactly the rights that are written down for it. */
class ServiceRightsIT {
  private static final Path RIGHTS = Path.of("../ops/kafka/acls.txt");
  private static final List<String> ROLES =
      List.of("operator", "registry", "node", "aggregator", "sink", "reader", "conductor");

  @TempDir private Path folder = Path.of("");

  @Test
  void everyPartDoesItsWorkWithItsRightsAndNoMore() throws Exception {
    try (SecuredKafka kafka = SecuredKafka.start(ROLES)) {
      kafka.grant(rights(line -> true));
      configure(kafka);
      assertThat(as("operator", "topics", "create").exitCode()).isZero();
      try (SchemaRegistryServer registry =
              SchemaRegistryServer.start(
                  kafka.clientProperties("registry"),
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          TargetServer target = TargetServer.start(Behaviour.PROMPT);
          Aggregator aggregator = Aggregator.start(aggregator(registry.url()));
          SinkRunner sink = sink(kafka, registry.url())) {
        sink.start();
        write("rules.yaml", "name: house\nsla: [error_rate < 5%]\n");
        assertThat(with(registry, "conductor", "rules", "apply", "rules.yaml"))
            .satisfies(ran -> assertThat(ran.exitCode()).as(ran.err()).isZero());

        Ran load =
            with(
                registry,
                "node",
                "load",
                "--url",
                target.url(),
                "--run",
                "r1",
                "--rate",
                "200",
                "--duration",
                "3s",
                "--quiet");
        assertThat(load.exitCode()).as(load.err()).isZero();
        Ran verdict = with(registry, "reader", "verdict", "r1", "--wait", "30s", "--json");
        assertThat(verdict.exitCode()).as(verdict.out() + verdict.err()).isZero();
        assertThat(verdict.out()).contains("\"requests\" : 600");
        assertThat(with(registry, "reader", "rules", "list").out()).contains("house");
        assertThat(with(registry, "conductor", "abort", "r1", "--reason", "enough").exitCode())
            .isZero();
        Awaitility.await()
            .untilAsserted(
                () ->
                    assertThat(folder.resolve("results/metrics.json"))
                        .content()
                        .contains("\"requests\" : 600"));
        assertThat(aggregator.isRunning()).isTrue();

        assertThat(with(registry, "reader", "abort", "r1", "--reason", "curiosity"))
            .satisfies(ran -> assertThat(ran.exitCode()).isEqualTo(1))
            .satisfies(ran -> assertThat(ran.err()).contains("tailrace.commands"));
        kafka.grant(rights(line -> !line.endsWith("tailrace.samples")));
        Ran refused =
            with(
                registry, "node", "load", "--url", target.url(), "--rate", "1", "--duration", "1s");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("tailrace.samples").containsIgnoringCase("authoriz");
      }
    }
  }

  /** The same file for everybody; who one is stands in the environment. */
  private void configure(SecuredKafka kafka) throws IOException {
    write(
        "tailrace.yaml",
        """
        kafka:
          bootstrap.servers: %s
          security.protocol: SASL_PLAINTEXT
          sasl.mechanism: PLAIN
          sasl.jaas.config: "{{env.KAFKA_LOGIN}}"
        topics: {partitions: 4, replication: 1}
        """
            .formatted(kafka.bootstrapServers()));
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }

  private Ran as(String role, String... arguments) {
    return Ran.run(folder, environment(role), arguments);
  }

  private Ran with(SchemaRegistryServer registry, String role, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--schema-registry", registry.url()));
    return as(role, all.toArray(String[]::new));
  }

  private Map<String, String> environment(String role) {
    return Map.of(
        "KAFKA_LOGIN", SecuredKafka.login(role), "USER", role, "XDG_STATE_HOME", folder.toString());
  }

  private AggregatorConfig aggregator(String registry) {
    SettingsSource source =
        SettingsSource.ofFile(folder.resolve("tailrace.yaml"), environment("aggregator"))
            .withFlag("kafka.schema.registry.url", registry)
            .withFlag("service.port", "0");
    return Settings.of(source).read(root -> AggregatorConfig.from(root, 4));
  }

  private SinkRunner sink(SecuredKafka kafka, String registry) {
    Map<String, Object> client = new HashMap<>(kafka.clientProperties("sink"));
    client.put(KafkaConnection.REGISTRY_URL, registry);
    return new SinkRunner(
        RunnerConfig.of(
            "results",
            Set.of(Feed.AGGREGATES, Feed.SUMMARIES),
            Topics.defaults(),
            client,
            Pace.DEFAULT),
        new ResultsSink(folder.resolve("results")),
        System::nanoTime);
  }

  private static List<AclBinding> rights(Predicate<String> chosen) throws IOException {
    List<AclBinding> rights = new ArrayList<>();
    for (String line : Files.readAllLines(RIGHTS)) {
      if (!line.isBlank() && !line.startsWith("#") && chosen.test(line)) {
        List<String> columns = List.of(line.trim().split(" +", -1));
        for (String operation : columns.get(1).split(",", -1)) {
          rights.add(right(columns.get(0), operation, columns.get(2), columns.get(3)));
        }
      }
    }
    return rights;
  }

  private static AclBinding right(String role, String operation, String resource, String name) {
    PatternType pattern = resource.endsWith("-prefix") ? PatternType.PREFIXED : PatternType.LITERAL;
    ResourceType type = ResourceType.fromString(constant(resource.replace("-prefix", "")));
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry(
            "User:" + role,
            "*",
            AclOperation.fromString(operation(operation)),
            AclPermissionType.ALLOW));
  }

  private static String constant(String name) {
    return name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** {@code DescribeConfigs} as {@code DESCRIBE_CONFIGS}. */
  private static String operation(String name) {
    return constant(name.replaceAll("(?<=[a-z])(?=[A-Z])", "_"));
  }
}
