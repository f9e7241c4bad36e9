package io.tailrace.cli;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the configuration comes from: flags, then TAILRACE_*, then the file, then defaults. */
final class ConfigurationOptions {
  private static final String FILE = "tailrace.yaml";
  private static final String FILE_VARIABLE = "TAILRACE_CONFIG";

  /** Every block of the one configuration file; a command reads those that concern it. */
  private static final String[] BLOCKS = {
    "aggregate", "integrations", "kafka", "load", "objectives", "outputs", "service", "topics", "up"
  };

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file (TAILRACE_CONFIG; else ./tailrace.yaml, if there is one).")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set any key of the configuration, such as kafka.security.protocol=SSL.")
  private Map<String, String> values = new LinkedHashMap<>();

  @Option(
      names = "--allow-literal-secrets",
      description = "Accept secrets that stand in the file in plain text.")
  private boolean literalSecretsAllowed;

  /** The configuration with the command's own flags on top, those not given being null. */
  Settings open(Session session, Map<String, @Nullable String> flags) {
    SettingsSource source = source(session).allowingLiteralSecrets(literalSecretsAllowed);
    for (Map.Entry<String, String> value : values.entrySet()) {
      source = source.withFlag(value.getKey(), value.getValue());
    }
    for (Map.Entry<String, @Nullable String> flag : flags.entrySet()) {
      source = source.withFlag(flag.getKey(), flag.getValue());
    }
    return Settings.of(source).declare(BLOCKS);
  }

  boolean literalSecretsAllowed() {
    return literalSecretsAllowed;
  }

  private SettingsSource source(Session session) {
    Path named = named(session.environment());
    if (named != null) {
      return SettingsSource.ofFile(session.directory().resolve(named), session.environment());
    }
    Path here = session.directory().resolve(FILE);
    return Files.exists(here)
        ? SettingsSource.ofFile(here, session.environment())
        : SettingsSource.of(session.environment());
  }

  private @Nullable Path named(Map<String, String> environment) {
    String variable = environment.getOrDefault(FILE_VARIABLE, "");
    return file == null && !variable.isEmpty() ? Path.of(variable) : file;
  }
}
