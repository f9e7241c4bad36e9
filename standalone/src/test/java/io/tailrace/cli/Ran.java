package io.tailrace.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What came of one command line. */
record Ran(int exitCode, String out, String err) {
  static Ran run(Path directory, Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Session session =
        new Session(environment, directory, new PrintWriter(out), new PrintWriter(err));
    int exitCode = Tailrace.run(session, arguments);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  List<String> errors() {
    return err.lines().toList();
  }

  List<String> lines() {
    return out.lines().toList();
  }
}
