package io.tailrace.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which cores processes may use: who sends has the first one, who answers all the others, and the
 * broker what is left of those, which in life has a machine of its own. Without {@code taskset} and
 * {@code nice}, or on a machine with one core, everybody may use all.
 *
 * @param sender what to put before the command of a process that sends
 * @param target before that of the target
 * @param broker before that of the broker
 */
public record Cores(List<String> sender, List<String> target, List<String> broker) {

  public static Cores apart(Map<String, String> environment) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (cores == 1 || !isThere("taskset", environment) || !isThere("nice", environment)) {
      return together();
    }
    String others = "1-" + (cores - 1);
    return new Cores(
        List.of("taskset", "-c", "0"),
        List.of("taskset", "-c", others),
        List.of("nice", "-n", "15", "taskset", "-c", others));
  }

  /** Everybody may use all. */
  public static Cores together() {
    return new Cores(List.of(), List.of(), List.of());
  }

  /** Moves this process, and what it starts from now on, to the cores of the target. */
  public void moveToTarget() throws IOException, InterruptedException {
    if (areApart()) {
      String pid = Long.toString(ProcessHandle.current().pid());
      String cores = target.get(target.size() - 1);
      int status =
          new ProcessBuilder("taskset", "-a", "-c", "-p", cores, pid)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (status != 0) {
        throw new IOException("taskset could not move the benchmark to core " + cores);
      }
    }
  }

  private static boolean isThere(String command, Map<String, String> environment) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  public boolean areApart() {
    return !sender.isEmpty();
  }
}
