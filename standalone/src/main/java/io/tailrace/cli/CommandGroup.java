package io.tailrace.cli;

import java.util.List;

/** Commands that a person looks for together; adding a command is adding it to {@link #all}. */
record CommandGroup(String title, List<Object> commands) {
  static List<CommandGroup> all(Session session) {
    return List.of(
        new CommandGroup("Run a test", List.of()),
        new CommandGroup(
            "Look at results",
            List.of(
                new VerdictCommand(session), new AbortCommand(session), new RulesCommand(session))),
        new CommandGroup("Run a part of the pipeline", List.of(new RegistryCommand(session))),
        new CommandGroup("Look after the cluster", List.of(new TopicsCommand(session))),
        new CommandGroup("About", List.of(new VersionCommand(session))));
  }
}
