package io.tailrace.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;

/** Lists the commands under what a person wants to do, one line each. */
final class GroupedCommands implements IHelpSectionRenderer {
  private static final int NAME_WIDTH = 14;

  private final Map<String, List<String>> namesByTitle;

  GroupedCommands(Map<String, List<String>> namesByTitle) {
    this.namesByTitle = namesByTitle;
  }

  @Override
  public String render(Help help) {
    StringBuilder text = new StringBuilder();
    namesByTitle.forEach(
        (title, names) -> {
          if (!names.isEmpty()) {
            text.append("%n%s:%n".formatted(title));
            names.forEach(name -> text.append(line(help, name)));
          }
        });
    return text.toString();
  }

  private static String line(Help help, String name) {
    Help command = help.subcommands().get(name);
    String[] description =
        command == null ? new String[0] : command.commandSpec().usageMessage().description();
    String format = "  %-" + NAME_WIDTH + "s%s%n";
    return format.formatted(name, description.length == 0 ? "" : description[0]);
  }
}
