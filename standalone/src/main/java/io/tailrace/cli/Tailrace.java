package io.tailrace.cli;

import io.tailrace.service.Logging;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line. */
@Command(
    name = "tailrace",
    synopsisSubcommandLabel = "COMMAND",
    description = "Load-test results as a stream.",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:done",
      "  1:failed; the last line says why",
      "  2:wrong usage or configuration",
      "143:ended by SIGTERM, once drained"
    },
    footer = "%nRun 'tailrace COMMAND --help' for a command's options and an example.")
public final class Tailrace implements Runnable {
  private static final int HELP_WIDTH = 100;

  // The library hands over the real one before anything runs.
  @Spec private CommandSpec spec = CommandSpec.create();

  private boolean verbose;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log more, and show where an error comes from.")
  void setVerbose(boolean requested) {
    verbose |= requested;
    if (requested) {
      Logging.verbose();
    }
  }

  /** Without a command there is nothing to do but to say so. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command; 'tailrace --help' lists them");
  }

  static CommandLine commandLine(Session session) {
    Tailrace root = new Tailrace();
    CommandLine line = new CommandLine(root);
    line.getCommandSpec().addOption(help());
    Map<String, List<String>> namesByTitle = new LinkedHashMap<>();
    for (CommandGroup group : CommandGroup.all(session)) {
      List<String> names = namesByTitle.computeIfAbsent(group.title(), title -> new ArrayList<>());
      for (Object command : group.commands()) {
        CommandLine sub = new CommandLine(command);
        line.addSubcommand(sub);
        names.add(sub.getCommandName());
      }
    }
    Problems problems = new Problems(() -> root.verbose);
    line.setOut(session.out())
        .setErr(session.err())
        .setParameterExceptionHandler(problems::wrongUsage)
        .setExecutionExceptionHandler(problems::failed)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_WIDTH);
    line.getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new GroupedCommands(namesByTitle));
    return line;
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .scopeType(ScopeType.INHERIT)
        .description("Show this help.")
        .build();
  }

  /** Runs one command line and returns its exit code. */
  static int run(Session session, String... arguments) {
    int exitCode = commandLine(session).execute(arguments);
    session.out().flush();
    session.err().flush();
    return exitCode;
  }

  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(new Session(System.getenv(), Path.of(""), out, err), arguments));
  }
}
