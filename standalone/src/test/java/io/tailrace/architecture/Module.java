package io.tailrace.architecture;

import java.util.List;
import java.util.Set;

/**
 * One module of the house.
 *
 * @param packages what is in it, below {@code io.tailrace}
 * @param uses the modules it may know
 */
record Module(String name, Set<String> packages, Set<String> uses) {
  private static final String ROOT = "io.tailrace.";

  static List<Module> all() {
    return List.of(
        new Module(
            "schemas", Set.of("record", "wire", "registry", "topics", "histogram"), Set.of()),
        new Module("service", Set.of("config", "service", "objective"), Set.of("schemas")),
        new Module("embedded-kafka", Set.of("embedded"), Set.of("schemas")),
        new Module("publisher", Set.of("publisher"), Set.of("schemas")),
        new Module("generator", Set.of("generator"), Set.of("schemas", "service", "publisher")),
        new Module("aggregator", Set.of("aggregator"), Set.of("schemas", "service")),
        new Module("sinks", Set.of("sink"), Set.of("schemas", "service")),
        new Module(
            "standalone",
            Set.of("cli", "demo", "doctor", "up"),
            Set.of(
                "schemas",
                "service",
                "embedded-kafka",
                "publisher",
                "generator",
                "aggregator",
                "sinks")));
  }

  String[] patterns() {
    return packages.stream().map(inside -> ROOT + inside + "..").toArray(String[]::new);
  }

  /** The packages of all modules that this one must not know. */
  String[] forbiddenPatterns() {
    return all().stream()
        .filter(other -> !other.name.equals(name) && !uses.contains(other.name))
        .flatMap(other -> Set.of(other.patterns()).stream())
        .toArray(String[]::new);
  }

  @Override
  public String toString() {
    return name;
  }
}
