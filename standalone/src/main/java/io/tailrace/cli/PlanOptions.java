package io.tailrace.cli;

import io.tailrace.config.SettingsSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is sent: a plan, and options that go before what it says. */
final class PlanOptions {
  @Parameters(index = "0", arity = "0..1", paramLabel = "PLAN", description = "The plan, as YAML.")
  private @Nullable Path file;

  @Option(names = "--url", description = "What to send requests to (target: in the plan).")
  private @Nullable String url;

  @Option(names = "--rate", description = "Requests a second, of the whole fleet.")
  private @Nullable String rate;

  @Option(names = "--users", description = "Users who wait for each answer, instead of a rate.")
  private @Nullable String users;

  @Option(names = "--duration", description = "How long to send (default: 30s).")
  private @Nullable String duration;

  @Option(names = "--arrivals", description = "uniform or poisson (default: uniform).")
  private @Nullable String arrivals;

  @Option(names = "--connections", description = "Open at most (default: 512).")
  private @Nullable String connections;

  @Option(names = "--timeout", description = "Of one request (default: 30s).")
  private @Nullable String timeout;

  @Option(names = "--name", description = "The test's name.")
  private @Nullable String name;

  @Option(names = "--environment", description = "Where it runs, such as staging.")
  private @Nullable String environment;

  @Option(names = "--test-version", description = "The version of what is tested.")
  private @Nullable String version;

  boolean nameATarget(Session session) {
    return file != null || url != null || session.environment().containsKey("TAILRACE_TARGET");
  }

  /** The plan with the options on top. */
  SettingsSource source(Session session, boolean literalSecretsAllowed) {
    SettingsSource source =
        file == null
            ? SettingsSource.of(session.environment())
            : SettingsSource.ofFile(session.directory().resolve(file), session.environment());
    return source
        .allowingLiteralSecrets(literalSecretsAllowed)
        .withFlag("target", url)
        .withFlag("load.rate", rate)
        .withFlag("load.users", users)
        .withFlag("load.duration", duration)
        .withFlag("load.arrivals", arrivals)
        .withFlag("http.connections", connections)
        .withFlag("http.timeout", timeout)
        .withFlag("name", name)
        .withFlag("environment", environment)
        .withFlag("version", version);
  }

  /** What a fault of it is reported under. */
  String origin() {
    return file == null ? "--url" : file.toString();
  }
}
