package io.tailrace.cli;

import io.tailrace.config.Durations;
import io.tailrace.config.Fault;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsException;
import io.tailrace.doctor.ClusterCheck;
import io.tailrace.doctor.Finding;
import io.tailrace.doctor.Findings;
import io.tailrace.doctor.MachineCheck;
import io.tailrace.doctor.RegistryCheck;
import io.tailrace.doctor.SinksCheck;
import io.tailrace.doctor.TopicsCheck;
import io.tailrace.doctor.TransactionsCheck;
import io.tailrace.sink.core.service.Outputs;
import io.tailrace.topics.TopicSpec;
import io.tailrace.up.UpConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what is wrong with this machine, the configuration and the cluster, and what to do. */
@Command(
    name = "doctor",
    description = "Look for what is wrong, and say what to do about it; exit 1 if anything is.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tailrace doctor --config tailrace.yaml",
      "  tailrace doctor --bootstrap-server kafka:9092 --open-for 5m --abort-transactions"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final String CONFIGURATION = "config";

  private final Session session;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--open-for",
      paramLabel = "TIME",
      description = "A transaction open for longer counts as hung (default: 60s).")
  private String openFor = "60s";

  @Option(
      names = "--abort-transactions",
      description = "Abort those; what their producers had not committed is lost.")
  private boolean abort;

  DoctorCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Duration longest = longest();
    Findings findings = new Findings(this::tell);
    MachineCheck.java(findings);
    configuration(findings).ifPresent(configured -> examine(configured, longest, findings));
    int wrong = findings.wrong();
    session.out().println();
    session
        .out()
        .println(
            wrong == 0
                ? "nothing is wrong"
                : wrong == 1 ? "1 thing is wrong" : wrong + " things are wrong");
    return wrong == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }

  private Duration longest() {
    try {
      return Durations.parse(openFor);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUsage("--open-for " + openFor + ": expected " + Durations.EXPECTED);
    }
  }

  /** All that is configured, and the sinks of it made. */
  private record Configured(UpConfig services, Outputs sinks) {
    static Configured from(Settings root) {
      UpConfig services = UpConfig.from(root);
      return new Configured(services, Outputs.open(root, Outputs.ALL, kafka -> kafka));
    }
  }

  /** Every block that can be read; nothing when one cannot. */
  private Optional<Configured> configuration(Findings findings) {
    try {
      Configured configured = cluster.open(session).read(Configured::from);
      findings.fine(CONFIGURATION, "every key is known and every value makes sense");
      return Optional.of(configured);
    } catch (SettingsException e) {
      for (Fault fault : e.faults()) {
        findings.wrong(CONFIGURATION, fault.toString(), "mend it; nothing below was looked at");
      }
      return Optional.empty();
    }
  }

  private void examine(Configured configured, Duration longest, Findings findings) {
    UpConfig services = configured.services();
    services.data().ifPresent(folder -> MachineCheck.folder(folder, findings));
    connection(services, findings)
        .ifPresent(kafka -> examine(services.withKafka(kafka), longest, findings));
    try (Outputs sinks = configured.sinks()) {
      SinksCheck.examine(sinks, findings);
    }
  }

  private Optional<KafkaConnection> connection(UpConfig config, Findings findings) {
    try {
      return Optional.of(ClusterOptions.reachable(config.kafka(), session));
    } catch (CommandFailure nowhere) {
      findings.doubtful(
          "kafka",
          "no cluster is named, and none runs on this machine",
          "name one in the kafka: block, or start one: tailrace up");
      return Optional.empty();
    }
  }

  private void examine(UpConfig config, Duration longest, Findings findings) {
    try (Cluster connected = Cluster.connect(config.kafka())) {
      connected.call(
          admin -> {
            examine(admin, config, longest, findings);
            return ExitCode.DONE;
          });
    }
    RegistryCheck.examine(config.kafka(), config.aggregator().topics(), findings);
  }

  private void examine(Admin admin, UpConfig config, Duration longest, Findings findings) {
    ClusterCheck kafka = new ClusterCheck(admin, findings);
    if (!kafka.answers(config.kafka().bootstrapServers().orElseThrow())) {
      return;
    }
    kafka.clock(() -> TimeUnit.MICROSECONDS.toMillis(WallClock.nowMicros()));
    new TopicsCheck(admin, config.aggregator().catalogue(), findings).examine();
    List<String> written =
        new ArrayList<>(
            config.aggregator().catalogue().topics().stream().map(TopicSpec::name).toList());
    written.add(config.aggregator().applicationId() + "-live-changelog");
    written.add("_schemas");
    new TransactionsCheck(
            admin, longest, () -> TimeUnit.MICROSECONDS.toMillis(WallClock.nowMicros()), findings)
        .examine(written, abort);
  }

  private void tell(Finding finding) {
    String state =
        switch (finding.state()) {
          case FINE -> "ok";
          case DOUBTFUL -> "look";
          case WRONG -> "WRONG";
        };
    session.out().printf("%-6s %-12s %s%n", state, finding.subject(), oneLine(finding.text()));
    if (!finding.cure().isEmpty()) {
      session.out().printf("%-6s %-12s %s%n", "", "", "-> " + finding.cure());
    }
    session.out().flush();
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
  }
}
