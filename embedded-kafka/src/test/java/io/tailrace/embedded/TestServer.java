package io.tailrace.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server that is no Java library, and that {@code .ci/servers} gets for the tests of it. */
public enum TestServer {
  INFLUXDB("influxdb", "influxd"),
  PROMETHEUS("prometheus", "prometheus"),
  PROMTOOL("prometheus", "promtool"),
  PUSHGATEWAY("prometheus-pushgateway", "prometheus-pushgateway");

  private final String debianPackage;
  private final String program;

  TestServer(String debianPackage, String program) {
    this.debianPackage = debianPackage;
    this.program = program;
  }

  /** The program to run; only asked for in tests marked with {@link NeedsServer}. */
  public Path program() {
    return find(System.getenv())
        .orElseThrow(() -> new IllegalStateException(howToGetIt() + "; this test is not marked"));
  }

  Optional<Path> find(Map<String, String> environment) {
    List<Path> candidates = new ArrayList<>();
    unpacked(environment)
        .ifPresent(
            servers -> candidates.add(servers.resolve(debianPackage + "/usr/bin/" + program)));
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      candidates.add(Path.of(folder, program));
    }
    return candidates.stream().filter(Files::isExecutable).findFirst();
  }

  String howToGetIt() {
    return "%s was not found, neither unpacked nor on the PATH; run .ci/servers to get it"
        .formatted(program);
  }

  /** Where {@code .ci/servers} puts them. */
  private static Optional<Path> unpacked(Map<String, String> environment) {
    @Nullable String servers = environment.get("TAILRACE_SERVERS");
    if (servers != null) {
      return Optional.of(Path.of(servers));
    }
    @Nullable String cache = environment.get("XDG_CACHE_HOME");
    @Nullable String home = environment.get("HOME");
    if (cache != null) {
      return Optional.of(Path.of(cache, "tailrace", "servers"));
    }
    return Optional.ofNullable(home).map(h -> Path.of(h, ".cache", "tailrace", "servers"));
  }
}
