package io.tailrace.benchmarks.generator;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which cores processes may use: who sends has the first one, who answers all the others. Without
 * {@code taskset}, or on a machine with one core, everybody may use all.
 *
 * @param sender what to put before the command of a process that sends
 * @param others before those that stand in for other machines
 */
record Cores(List<String> sender, List<String> others) {

  static Cores apart(Map<String, String> environment) {
    int cores = Runtime.getRuntime().availableProcessors();
    boolean possible =
        cores > 1
            && Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "taskset")));
    return possible
        ? new Cores(List.of("taskset", "-c", "0"), List.of("taskset", "-c", "1-" + (cores - 1)))
        : new Cores(List.of(), List.of());
  }

  boolean areApart() {
    return !sender.isEmpty();
  }
}
