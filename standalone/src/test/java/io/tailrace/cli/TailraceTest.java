package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class TailraceTest {
  @TempDir private Path folder = Path.of("");
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void useAnEmptyStateFolder() {
    environment = Map.of("XDG_STATE_HOME", folder.resolve("state").toString());
  }

  private Ran run(String... arguments) {
    return Ran.run(folder, environment, arguments);
  }

  private static List<CommandLine> allCommands() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    CommandLine root = Tailrace.commandLine(new Session(Map.of(), Path.of(""), nowhere, nowhere));
    List<CommandLine> all = new ArrayList<>();
    collect(root, all);
    return all;
  }

  private static void collect(CommandLine line, List<CommandLine> all) {
    line.getSubcommands()
        .values()
        .forEach(
            sub -> {
              all.add(sub);
              collect(sub, all);
            });
  }

  @Test
  void helpGroupsTheCommandsOneLineEachAndDocumentsExitCodes() {
    Ran ran = run("--help");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.lines())
        .containsSubsequence(
            "Run a test:",
            "Look at results:",
            "Run a part of the pipeline:",
            "Look after the cluster:",
            "About:")
        .anyMatch(line -> line.matches("  topics +List, create or check .*"))
        .anyMatch(line -> line.matches(" +2 +wrong usage or configuration"));
  }

  @Test
  void everyCommandHasOneLineAndAnExampleThatNamesIt() {
    assertThat(allCommands())
        .isNotEmpty()
        .allSatisfy(
            command -> {
              var usage = command.getCommandSpec().usageMessage();
              assertThat(usage.description()).hasSize(1);
              assertThat(usage.description()[0]).endsWith(".").hasSizeLessThan(90);
              assertThat(usage.footerHeading()).contains("Example");
              assertThat(usage.footer()[0])
                  .startsWith("  " + command.getParent().getCommandSpec().qualifiedName())
                  .contains(command.getCommandName());
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topcs list                 | tailrace: unknown command topcs; did you mean topics?",
        "quxwobble                  | tailrace: unknown command quxwobble; see --help",
        "topics lst                 | tailrace topics: unknown command lst; did you mean list?",
        "topics list --bootstrap-sever=x:1 | tailrace topics list: unknown option"
            + " --bootstrap-sever; did you mean --bootstrap-server?",
        "topics list --registry=x:1 | tailrace topics list: unknown option --registry; did you mean"
            + " --schema-registry?",
        "version now                | tailrace version: unexpected argument \"now\"",
        "topics                     | tailrace topics: say what: list, create or check",
        "--verbos                   | tailrace: unknown option --verbos; did you mean --verbose?",
      })
  void namesWhatIsWrongAndTheNearestRightOneInOneLine(String arguments, String expected) {
    Ran ran = run(arguments.strip().split(" "));

    assertThat(ran.errors()).containsExactly(expected);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void asksForACommandWhenThereIsNone() {
    Ran ran = run();

    assertThat(ran.errors())
        .containsExactly("tailrace: name a command; 'tailrace --help' lists them");
    assertThat(ran.exitCode()).isEqualTo(2);
  }

  @Test
  void saysHowToNameAClusterWhenThereIsNone() {
    Ran ran = run("topics", "list");

    assertThat(ran.errors()).singleElement().asString().contains("--bootstrap-server HOST:PORT");
    assertThat(ran.exitCode()).isEqualTo(2);
  }

  @Test
  void reportsEveryFaultOfTheConfigurationOneLineEach() throws Exception {
    Files.writeString(
        folder.resolve("tailrace.yaml"),
        """
        kafka:
          bootstrap_servers: a:1
        topics:
          partitions: lots
        outptus: {}
        """);

    Ran ran = run("topics", "check", "--replication", "0");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.errors())
        .hasSize(4)
        .anyMatch(line -> line.endsWith("did you mean bootstrap.servers?"))
        .anyMatch(line -> line.contains("tailrace.yaml:4: topics.partitions: \"lots\" given"))
        .anyMatch(line -> line.contains("5: outptus: unknown key; did you mean outputs?"))
        .anyMatch(line -> line.startsWith("flag: topics.replication: \"0\" given"));
  }

  @Test
  void refusesAKeyThatIsSetOnTheCommandLineAndUnknown() {
    Ran ran = run("topics", "check", "--set", "topics.partitons=3");

    assertThat(ran.errors())
        .containsExactly("flag: topics.partitons: unknown key; did you mean partitions?");
  }

  @Test
  void saysThatTheNamedFileDoesNotExist() {
    Ran ran = run("topics", "list", "--config", "none.yaml");

    assertThat(ran.errors()).singleElement().asString().endsWith("none.yaml: does not exist");
    assertThat(ran.exitCode()).isEqualTo(2);
  }

  @Test
  void showsItsVersions() {
    Ran ran = run("version");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.lines()).hasSize(3).first().asString().startsWith("tailrace ");
  }
}
