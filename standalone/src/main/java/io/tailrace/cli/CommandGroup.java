package io.tailrace.cli;

import java.util.List;

/** Commands that a person looks for together; adding a command is adding it to {@link #all}. */
record CommandGroup(String title, List<Object> commands) {
  static List<CommandGroup> all(Session session) {
    return List.of(
        new CommandGroup(
            "Run a test",
            List.of(
                new DemoCommand(session),
                new InitCommand(session),
                new LoadCommand(session),
                new TargetCommand(session),
                new AbortCommand(session))),
        new CommandGroup(
            "Look at results",
            List.of(
                new RunsCommand(session),
                new WatchCommand(session),
                new VerdictCommand(session),
                new RulesCommand(session))),
        new CommandGroup(
            "Run a part of the pipeline",
            List.of(
                new UpCommand(session),
                new AggregateCommand(session),
                new SinkCommand(session),
                new SinksCommand(session),
                new RegistryCommand(session))),
        new CommandGroup(
            "Look after the cluster",
            List.of(new TopicsCommand(session), new DoctorCommand(session))),
        new CommandGroup("About", List.of(new VersionCommand(session))));
  }
}
