package io.tailrace.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A program that is no Java library, and that tests need: mostly servers. */
public enum TestServer {
  INFLUXDB("influxdb", "influxd"),
  PROMETHEUS("prometheus", "prometheus"),
  PROMTOOL("prometheus", "promtool"),
  PUSHGATEWAY("prometheus-pushgateway", "prometheus-pushgateway"),
  NODE("nodejs", "node", TestServer.NODE_JS),
  NPM("npm", "npm", TestServer.NODE_JS);

  private static final String NODE_JS = "install Node.js 18 or later, with npm";

  private final String debianPackage;
  private final String program;
  private final String remedy;

  TestServer(String debianPackage, String program) {
    this(debianPackage, program, "run .ci/servers to get it");
  }

  TestServer(String debianPackage, String program, String remedy) {
    this.debianPackage = debianPackage;
    this.program = program;
    this.remedy = remedy;
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
    return "%s was not found, neither unpacked nor on the PATH; %s".formatted(program, remedy);
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
