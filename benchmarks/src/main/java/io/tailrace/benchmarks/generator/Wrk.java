package io.tailrace.benchmarks.generator;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The peer: {@code wrk} on one thread, as installed or as {@code .ci/servers wrk} unpacks it. */
final class Wrk {

  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");

  private final Path program;
  private final List<String> before;

  private Wrk(Path program, List<String> before) {
    this.program = program;
    this.before = before;
  }

  static Wrk find(Map<String, String> environment, List<String> before) {
    List<Path> folders = new ArrayList<>();
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      folders.add(Path.of(folder));
    }
    String cache =
        environment.getOrDefault(
            "XDG_CACHE_HOME", environment.getOrDefault("HOME", ".") + "/.cache");
    String servers = environment.getOrDefault("TAILRACE_SERVERS", cache + "/tailrace/servers");
    folders.add(Path.of(servers, "wrk", "usr", "bin"));
    return folders.stream()
        .map(folder -> folder.resolve("wrk"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Wrk(program, before))
        .orElseThrow(
            () ->
                new IllegalStateException("there is no wrk; install it, or run: .ci/servers wrk"));
  }

  /** Requests a second. */
  double run(String url, int connections, int seconds) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(program.toString(), "-t1", "-c" + connections, "-d" + seconds + "s", url));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", libraries());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher rate = RATE.matcher(said);
    if (!rate.find()) {
      throw new IOException(program + " did not say a rate: " + said);
    }
    return Double.parseDouble(rate.group(1));
  }

  /** What an unpacked package has beside its program. */
  private String libraries() throws IOException {
    Path usr = program.resolveSibling("../lib").normalize();
    if (usr.equals(Path.of("/usr/lib")) || !Files.isDirectory(usr)) {
      return "";
    }
    try (Stream<Path> folders = Files.list(usr)) {
      return String.join(
          File.pathSeparator, folders.filter(Files::isDirectory).map(Path::toString).toList());
    }
  }
}
