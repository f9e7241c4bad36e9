package io.tailrace.cli;

import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.service.Outputs;
import io.tailrace.sink.core.service.SinkCatalogue;
import io.tailrace.sink.core.service.SinkCheck;
import io.tailrace.sink.core.service.SinkReference;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists, describes and checks sinks. */
@Command(
    name = "sinks",
    description = "List the sinks, describe one, or check those that are configured.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExample:%n",
    footer = "  tailrace sinks check --config tailrace.yaml")
final class SinksCommand implements Runnable {
  private final Session session;

  @Spec private CommandSpec spec = CommandSpec.create();

  SinksCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what: list, describe, check or reference");
  }

  @Command(
      description = "Show every sink there is.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace sinks list")
  int list() {
    for (SinkProvider provider : SinkCatalogue.load().all()) {
      session.out().printf("%-16s %s%n", provider.name(), provider.summary());
    }
    return ExitCode.DONE;
  }

  @Command(
      description = "Show what can be set for a sink.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace sinks describe influxdb")
  int describe(@Parameters(paramLabel = "NAME", description = "A sink's name.") String name) {
    SinkCatalogue catalogue = SinkCatalogue.load();
    SinkProvider provider =
        catalogue.named(name).orElseThrow(() -> CommandFailure.wrongUsage(catalogue.missing(name)));
    session.out().println(provider.summary());
    session.out().println();
    session.out().println("outputs:");
    session.out().println("  " + provider.name() + ":");
    print(SinkReference.own(provider), "    ");
    session.out().println();
    session.out().println("    # as for every sink");
    print(SinkReference.core(provider), "    ");
    return ExitCode.DONE;
  }

  @Command(
      description = "Print the reference of all sinks, in Markdown.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace sinks reference > docs/sinks.md")
  int reference() {
    session.out().print(SinkReference.page(SinkCatalogue.load()));
    return ExitCode.DONE;
  }

  private void print(Options options, String indent) {
    for (Option<?> option : options.all()) {
      String value = option.byDefault().isEmpty() ? "" : " " + option.byDefault();
      session
          .out()
          .printf(
              "%-36s # %s%s%n",
              indent + option.key() + ":" + value,
              option.about(),
              option.inside().all().isEmpty() ? " (" + option.kind() + ")" : "");
      print(option.inside(), indent + "  ");
    }
  }

  @Command(
      description = "Connect to the configured targets and say how that went; exit 1 if any fails.",
      footerHeading = "%nExample:%n",
      footer = "  tailrace sinks check --config tailrace.yaml")
  int check(
      @Mixin ConfigurationOptions configuration,
      @Parameters(
              paramLabel = "NAME",
              arity = "0..1",
              defaultValue = Outputs.ALL,
              description = "A block below outputs: (default: all that are enabled).")
          String name) {
    try (Outputs outputs =
        Outputs.open(configuration.open(session, Map.of()), name, given -> given)) {
      outputs.notes().forEach(note -> session.err().println(note));
      List<SinkCheck> checks = outputs.check();
      for (SinkCheck check : checks) {
        session.out().printf("%-16s %s%n", check.sink(), check.isFine() ? "ok" : check.problem());
      }
      return checks.stream().allMatch(SinkCheck::isFine) ? ExitCode.DONE : ExitCode.FAILED;
    }
  }
}
