package io.tailrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a configuration and a plan to start from. */
@Command(
    name = "init",
    description = "Write a commented configuration and a plan to start from; they run as they are.",
    footerHeading = "%nExample:%n",
    footer = "  tailrace init && tailrace up")
final class InitCommand implements Callable<Integer> {
  private static final List<String> FILES = List.of("tailrace.yaml", "plan.yaml");

  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Where to (default: this folder); it is created if it is missing.")
  private Path folder = Path.of("");

  @Option(names = "--force", description = "Replace files that are there.")
  private boolean force;

  InitCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    Path target = session.directory().resolve(folder);
    refuseToReplace(target);
    for (String name : FILES) {
      write(target, name);
      session.out().println("wrote " + target.resolve(name));
    }
    session.out().println();
    session.out().println("Next, and the second one in another terminal:");
    String program = "  " + Invocation.command();
    boolean here = folder.toString().isEmpty();
    session
        .out()
        .println(program + " up" + (here ? "" : " --config " + target.resolve("tailrace.yaml")));
    session.out().println(program + " load " + (here ? "" : target + "/") + "plan.yaml");
    return ExitCode.DONE;
  }

  /** Either both files are written or none. */
  private void refuseToReplace(Path target) {
    List<Path> present = FILES.stream().map(target::resolve).filter(Files::exists).toList();
    if (!present.isEmpty() && !force) {
      throw CommandFailure.failed(present.get(0) + " is there already; --force replaces it");
    }
  }

  private static void write(Path target, String name) throws IOException {
    try (InputStream content =
        Objects.requireNonNull(InitCommand.class.getResourceAsStream(name), name)) {
      Files.createDirectories(target.toAbsolutePath());
      Files.copy(content, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (FileAlreadyExistsException e) {
      throw CommandFailure.failed(e.getFile() + " is a file; expected a folder to write to");
    } catch (IOException e) {
      throw CommandFailure.failed("cannot write " + target.resolve(name) + ": " + e);
    }
  }
}
