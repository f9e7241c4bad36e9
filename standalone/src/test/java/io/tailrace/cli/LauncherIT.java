package io.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tailrace script says on machines that lack something. */
class LauncherIT {
  private static final Path SCRIPT = Path.of("..", "tailrace");

  @TempDir private Path folder = Path.of("");
  private Path tools = Path.of("");

  private record Said(int exitCode, String text) {}

  @BeforeEach
  void haveAFewToolsAndNoMore() throws IOException {
    Files.copy(SCRIPT, folder.resolve("tailrace"));
    tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool :
        new String[] {
          "cat", "cksum", "date", "dirname", "find", "head", "mkdir", "mv", "readlink"
        }) {
      link(tool);
    }
    for (String tool : new String[] {"rm", "sed", "sleep", "tail", "tr"}) {
      link(tool);
    }
  }

  private void link(String tool) throws IOException {
    Files.createSymbolicLink(tools.resolve(tool), onThePath(tool));
  }

  private static Path onThePath(String tool) {
    return Stream.of(Objects.requireNonNull(System.getenv("PATH")).split(File.pathSeparator, -1))
        .map(place -> Path.of(place, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private Said tailrace(Path java) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                onThePath("sh").toString(), folder.resolve("tailrace").toString(), "version")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("JAVA_HOME", java.toString());
    Process process = builder.start();
    String text =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), text);
  }

  @Test
  void saysThatThereIsNoJava() throws Exception {
    Said said = tailrace(folder.resolve("nowhere"));
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text())
        .startsWith("tailrace: there is no Java at '" + folder.resolve("nowhere/bin/java"))
        .hasLineCount(1);
  }

  @Test
  void saysThatJavaIsTooOld() throws Exception {
    Said said = tailrace(java("11"));
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text()).contains("is Java 11; a JDK 17 or newer is needed").hasLineCount(1);
    assertThat(folder.resolve(".tailrace/lock")).doesNotExist();
  }

  @Test
  void saysThatJavaHasNoCompiler() throws Exception {
    Said said = tailrace(java("17"));
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text()).contains("has no compiler; install a JDK 17 or newer").hasLineCount(1);
  }

  @Test
  void saysThatThereIsNoMaven() throws Exception {
    Path jdk = java("17");
    Files.createFile(jdk.resolve("bin/javac"));
    assertThat(jdk.resolve("bin/javac").toFile().setExecutable(true)).isTrue();
    Said said = tailrace(jdk);
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text()).isEqualTo("tailrace: there is no Maven; install Maven 3.8 or newer");
  }

  @Test
  void takesOverTheLockOfABuildThatDied() throws Exception {
    Path lock = Files.createDirectories(folder.resolve(".tailrace/lock"));
    Process gone = new ProcessBuilder("true").start();
    assertThat(gone.waitFor()).isZero();
    Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
    assertThat(tailrace(java("11")).text()).contains("is Java 11");
  }

  @Test
  void takesOverALockThatNobodySigned() throws Exception {
    Path lock = Files.createDirectories(folder.resolve(".tailrace/lock"));
    Instant before = Files.getLastModifiedTime(lock).toInstant().minus(Duration.ofMinutes(3));
    Files.setLastModifiedTime(lock, FileTime.from(before));
    assertThat(tailrace(java("11")).text()).contains("is Java 11");
  }

  @Test
  void saysThatThereIsNowhereToBuild() throws Exception {
    Files.writeString(folder.resolve(".tailrace"), "a file");
    Said said = tailrace(java("17"));
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text())
        .startsWith("tailrace: cannot write to " + folder.resolve(".tailrace"))
        .hasLineCount(1);
  }

  /** Something that only says which Java it is. */
  private Path java(String version) throws IOException {
    Path home = folder.resolve("jdk-" + version);
    Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(
        program,
        """
        #!%s
        echo '    java.home = %s'
        echo '    java.specification.version = %s'
        """
            .formatted(onThePath("sh"), home, version));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return home;
  }
}
