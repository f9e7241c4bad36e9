package io.tailrace.benchmarks.generator;

import java.io.File;
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
record Cores(List<String> sender, List<String> target, List<String> broker) {

  static Cores apart(Map<String, String> environment) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (cores == 1 || !isThere("taskset", environment) || !isThere("nice", environment)) {
      return new Cores(List.of(), List.of(), List.of());
    }
    String others = "1-" + (cores - 1);
    return new Cores(
        List.of("taskset", "-c", "0"),
        List.of("taskset", "-c", others),
        List.of("nice", "-n", "15", "taskset", "-c", others));
  }

  private static boolean isThere(String command, Map<String, String> environment) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  boolean areApart() {
    return !sender.isEmpty();
  }
}
