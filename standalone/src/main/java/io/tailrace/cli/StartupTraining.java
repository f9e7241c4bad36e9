package io.tailrace.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/** Loads what short commands load, so that the launcher can archive those classes. */
final class StartupTraining {
  private static final String NOBODY = "127.0.0.1:1";

  private StartupTraining() {}

  public static void main(String[] arguments) {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    Session session = new Session(Map.of(), Path.of(""), nowhere, nowhere);
    Tailrace.run(session, "--help");
    Tailrace.run(session, "version");
    Tailrace.run(session, "topics", "--help");
    Tailrace.run(session, "topics", "lst");
    Tailrace.run(
        session,
        "topics",
        "list",
        "--bootstrap-server",
        NOBODY,
        "--set",
        "kafka.default.api.timeout.ms=300",
        "--set",
        "kafka.request.timeout.ms=200");
  }
}
