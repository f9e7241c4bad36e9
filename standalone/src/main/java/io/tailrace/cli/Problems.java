package io.tailrace.cli;

import io.tailrace.config.Fault;
import io.tailrace.config.Nearest;
import io.tailrace.config.SettingsException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.AuthorizationException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a person what went wrong, in one line, and chooses the exit code. */
final class Problems {
  /** What this code throws with a sentence for people; elsewhere the kind says half of it. */
  private static final Set<Class<?>> OUR_OWN =
      Set.of(
          IllegalStateException.class, IllegalArgumentException.class, UncheckedIOException.class);

  private final BooleanSupplier verbose;

  Problems(BooleanSupplier verbose) {
    this.verbose = verbose;
  }

  int wrongUsage(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    say(command, description(problem));
    return ExitCode.WRONG_USAGE;
  }

  int failed(Exception problem, CommandLine command, ParseResult parsed) {
    if (verbose.getAsBoolean()) {
      problem.printStackTrace(command.getErr());
    }
    if (problem instanceof SettingsException settings) {
      PrintWriter err = command.getErr();
      settings.faults().stream().map(Fault::toString).map(Problems::oneLine).forEach(err::println);
      err.flush();
      return ExitCode.WRONG_USAGE;
    }
    if (problem instanceof CommandFailure failure) {
      say(command, String.valueOf(failure.getMessage()));
      return failure.exitCode();
    }
    say(command, cause(problem));
    return ExitCode.FAILED;
  }

  private static String description(ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    if (!(problem instanceof UnmatchedArgumentException unmatched)) {
      return String.valueOf(problem.getMessage());
    }
    List<String> all = unmatched.getUnmatched();
    String first = all.isEmpty() ? "" : all.get(0).split("=", 2)[0];
    if (first.startsWith("-")) {
      return unknown("option", first, command.getCommandSpec().optionsMap().keySet());
    }
    Collection<String> commands = command.getSubcommands().keySet();
    return commands.isEmpty()
        ? "unexpected argument \"" + first + "\""
        : unknown("command", first, commands);
  }

  private static String unknown(String what, String given, Collection<String> known) {
    String nearest =
        Nearest.to(given, known).map(near -> "did you mean " + near + "?").orElse("see --help");
    return "unknown " + what + " " + given + "; " + nearest;
  }

  /** The message of the innermost cause that has one says most. */
  private static String cause(Throwable problem) {
    Throwable told = problem;
    while ((told instanceof ExecutionException || told instanceof CompletionException)
        && told.getCause() != null) {
      told = told.getCause();
    }
    String message = told.getMessage() == null ? told.toString() : told.getMessage();
    if (told instanceof AuthorizationException) {
      return message + "; ops/kafka/acls.txt lists what each role needs";
    }
    boolean bare =
        told.getClass().getPackageName().startsWith("java.") && !OUR_OWN.contains(told.getClass());
    return bare ? told.getClass().getSimpleName() + ": " + message : message;
  }

  private static void say(CommandLine command, String problem) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + oneLine(problem));
    command.getErr().flush();
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ").replaceAll("\\p{Cntrl}", " ");
  }
}
