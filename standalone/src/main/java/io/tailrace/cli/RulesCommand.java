package io.tailrace.cli;

import io.tailrace.aggregator.sla.Pinned;
import io.tailrace.aggregator.sla.RunReplay;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.objective.Glob;
import io.tailrace.objective.K6Thresholds;
import io.tailrace.objective.Rule;
import io.tailrace.objective.RuleYaml;
import io.tailrace.record.Aggregate;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RuleSet;
import io.tailrace.record.RunSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The organisation's rule sets: objectives for every run they match. */
@Command(
    name = "rules",
    description = "Apply, list, delete, try or convert objectives of the organisation.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExample:%n",
    footer = "  tailrace rules apply rules/payments.yaml")
final class RulesCommand implements Runnable {
  private static final String ANY = "*";
  private static final int LONGEST_SOURCE = 100_000;

  private final Session session;

  @Spec private CommandSpec spec = CommandSpec.create();

  RulesCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what: apply, list, delete, test or convert");
  }

  @Command(
      description = "Apply the rule set in a file to all runs that start from now on.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace rules apply rules/payments.yaml")
  int apply(
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = "FILE", description = "name, test, environment, sla.") Path file) {
    RuleSet rules = read(file);
    Pipeline pipeline = Pipeline.of(cluster, session);
    TopicWriter.write(pipeline.kafka(), pipeline.topics().rules(), rules.getName(), rules);
    session
        .out()
        .printf(
            "applied %s: %d objectives for %s in %s%n",
            rules.getName(),
            rules.getObjectives().size(),
            rules.getTestName(),
            rules.getEnvironment());
    if (rules.getObjectives().size() > Pinned.MOST_OBJECTIVES) {
      session
          .err()
          .printf(
              "a run is judged by %d objectives at most: the others of %s will be left out%n",
              Pinned.MOST_OBJECTIVES, rules.getName());
    }
    if (!isKnown(pipeline, rules)) {
      session
          .err()
          .printf(
              "no run so far is of a test %s in %s: is it spelt right?%n",
              rules.getTestName(), rules.getEnvironment());
    }
    return ExitCode.DONE;
  }

  @Command(
      description = "List the rule sets that apply.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace rules list")
  int list(@Mixin ClusterOptions cluster) {
    Known known = Known.of(Pipeline.of(cluster, session));
    for (RuleSet rules : known.sets.values()) {
      session
          .out()
          .printf(
              "%s: test %s, environment %s, applied by %s%n",
              rules.getName(), rules.getTestName(), rules.getEnvironment(), rules.getAppliedBy());
      rules
          .getObjectives()
          .forEach(o -> session.out().printf("  %s: %s%n", o.getName(), o.getExpression()));
    }
    known.unreadable.forEach(
        (name, fault) ->
            session
                .err()
                .printf(
                    "rule set %s cannot be read, what it was before applies: %s%n", name, fault));
    return ExitCode.DONE;
  }

  @Command(
      description = "Delete a rule set; runs that have started keep it.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace rules delete payments")
  int delete(
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = "NAME", description = "The rule set's name.") String name) {
    Pipeline pipeline = Pipeline.of(cluster, session);
    Known known = Known.of(pipeline);
    if (!known.sets.containsKey(name) && !known.unreadable.containsKey(name)) {
      throw CommandFailure.failed(
          "there is no rule set "
              + name
              + "; there are: "
              + String.join(", ", known.sets.keySet()));
    }
    TopicWriter.<RuleSet>write(pipeline.kafka(), pipeline.topics().rules(), name, null);
    session.out().println("deleted " + name);
    return ExitCode.DONE;
  }

  @Command(
      description = "Judge a run that has ended by the rule set in a file; changes nothing.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace rules test rules/payments.yaml --run shop-1734")
  int test(
      @Mixin ClusterOptions cluster,
      @Parameters(paramLabel = "FILE", description = "name, test, environment, sla.") Path file,
      @Option(names = "--run", paramLabel = "RUN", required = true, description = "The run's id.")
          String run) {
    RuleSet rules = read(file);
    Pipeline pipeline = Pipeline.of(cluster, session);
    RunSummary summary = VerdictCommand.find(pipeline, run, Duration.ZERO);
    if (summary == null) {
      throw CommandFailure.failed("run " + run + " has no summary: it is unknown, or goes on");
    }
    RunReplay replay = new RunReplay(rules.getObjectives(), summary);
    try (TopicReader<Aggregate> windows =
        TopicReader.of(pipeline.kafka(), pipeline.topics().windows(), Aggregate.class, run)) {
      windows.readToEnd(
          (key, aggregate) -> {
            if (key.equals(run) && aggregate != null) {
              replay.see(aggregate);
            }
          });
    }
    boolean failed = false;
    for (ObjectiveResult result : replay.results()) {
      failed |= result.getStatus() == ObjectiveStatus.FAILED;
      session
          .out()
          .printf(
              "%s %s %s%n",
              result.getStatus(), result.getObjective().getName(), result.getReason());
    }
    return failed ? ExitCode.RUN_FAILED : ExitCode.DONE;
  }

  @Command(
      description = "Print the thresholds of a k6 script as objectives, and what is lost.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace rules convert load.js > sla.yaml")
  int convert(@Parameters(paramLabel = "FILE", description = "A k6 script or options.") Path file) {
    K6Thresholds.Conversion conversion;
    try {
      conversion = K6Thresholds.convert(Files.readString(session.directory().resolve(file)));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.failed(file + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    session.out().print("sla:\n" + RuleYaml.print(conversion.rules()).indent(2));
    conversion.notes().forEach(note -> session.err().println("# " + note));
    return ExitCode.DONE;
  }

  private RuleSet read(Path file) {
    Path path = session.directory().resolve(file);
    Settings settings = Settings.of(SettingsSource.ofFile(path, Map.of()));
    return settings.read(this::read);
  }

  private RuleSet read(Settings settings) {
    List<Rule> rules = RuleYaml.read(settings, "sla");
    if (settings.tree("sla").map(List.of()::equals).orElse(true)) {
      settings.refuse("sla", "a list of objectives");
    }
    return RuleSet.newBuilder()
        .setName(settings.text("name").where(n -> n.matches("[\\w.-]{1,100}"), "a word").required())
        .setTestName(settings.text("test").or(ANY))
        .setEnvironment(settings.text("environment").or(ANY))
        .setObjectives(rules.stream().map(Rule::toRecord).toList())
        .setSource(source(rules))
        .setAppliedMicros(WallClock.nowMicros())
        .setAppliedBy(session.environment().getOrDefault("USER", "somebody"))
        .build();
  }

  /** The text for people, which must not keep the rules from fitting a record. */
  private static String source(List<Rule> rules) {
    String printed = RuleYaml.print(rules);
    return printed.length() <= LONGEST_SOURCE ? printed : "";
  }

  /**
   * The rule sets of now, as aggregators know them: one that cannot be read leaves what was known
   * under its name, and all others, alone.
   */
  private record Known(Map<String, RuleSet> sets, Map<String, String> unreadable) {
    static Known of(Pipeline pipeline) {
      Known known = new Known(new TreeMap<>(), new TreeMap<>());
      try (TopicReader<RuleSet> reader =
          TopicReader.of(pipeline.kafka(), pipeline.topics().rules(), RuleSet.class)) {
        reader.readToEnd(known::take, known.unreadable::put);
      }
      return known;
    }

    private void take(String name, @Nullable RuleSet rules) {
      unreadable.remove(name);
      if (rules == null) {
        sets.remove(name);
      } else {
        sets.put(name, rules);
      }
    }
  }

  private static boolean isKnown(Pipeline pipeline, RuleSet rules) {
    Glob test = Glob.of(rules.getTestName());
    Glob environment = Glob.of(rules.getEnvironment());
    boolean[] known = new boolean[1];
    try (TopicReader<RunSummary> summaries =
        TopicReader.of(pipeline.kafka(), pipeline.topics().summaries(), RunSummary.class)) {
      summaries.readToEnd(
          (key, summary) -> {
            if (summary != null && summary.getDescription() != null) {
              known[0] |=
                  test.matches(summary.getDescription().getTestName())
                      && environment.matches(summary.getDescription().getEnvironment());
            }
          });
    }
    return known[0];
  }
}
