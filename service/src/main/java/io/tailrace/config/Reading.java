package io.tailrace.config;

import io.tailrace.config.YamlTree.Kind;
import io.tailrace.config.YamlTree.Mapping;
import io.tailrace.config.YamlTree.Scalar;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One reading of a source: what all its blocks share, and the faults found so far. */
final class Reading {
  private static final String PREFIX = "TAILRACE_";
  private static final Pattern REFERENCE =
      Pattern.compile("\\{\\{\\s*env\\.([A-Za-z_][A-Za-z0-9_]*)\\s*}}");

  private final SettingsSource source;
  private final Redaction redaction = new Redaction();
  private final Set<Fault> faults = new LinkedHashSet<>();
  private final Set<String> notes = new LinkedHashSet<>();

  Reading(SettingsSource source) {
    this.source = source;
  }

  SettingsSource source() {
    return source;
  }

  Mapping document() {
    return YamlReader.read(source.name(), source.document());
  }

  /** What a flag or the environment gives for a path, before the document is looked at. */
  @Nullable Given override(String path) {
    String flag = source.flags().get(path);
    if (flag != null) {
      return new Given("flag", 0, new Scalar(flag, Kind.TEXT, 0), false);
    }
    String name = environmentName(path);
    String value = source.environment().get(name);
    // Compose files often pass NAME= for what is not set.
    return value == null || value.isEmpty()
        ? null
        : new Given("environment " + name, 0, new Scalar(value, Kind.TEXT, 0), false);
  }

  boolean hasOverrideBelow(String path) {
    return source.flags().keySet().stream().anyMatch(key -> key.startsWith(path + "."))
        || !environmentBelow(path).isEmpty();
  }

  /** The set environment variables below a path, by what follows it in their names. */
  Map<String, String> environmentBelow(String path) {
    String prefix = environmentName(path) + "_";
    Map<String, String> below = new TreeMap<>();
    source
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix) && name.length() > prefix.length() && !value.isEmpty()) {
                below.put(name.substring(prefix.length()), value);
              }
            });
    return below;
  }

  /** What follows the path in the names of flags below it. */
  List<String> flagsBelow(String path) {
    String prefix = path.isEmpty() ? "" : path + ".";
    return source.flags().keySet().stream()
        .filter(flag -> flag.startsWith(prefix))
        .map(flag -> flag.substring(prefix.length()))
        .toList();
  }

  static String environmentName(String path) {
    return PREFIX + environmentSuffix(path);
  }

  static String environmentSuffix(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
  }

  /** The text with its {@code {{env.NAME}}} references replaced; null when one is not set. */
  @Nullable String resolve(String text, Given given, String path) {
    Matcher reference = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    boolean whole = true;
    while (reference.find()) {
      String name = reference.group(1);
      String value = variable(name);
      if (value == null) {
        fault(given.source(), given.line(), path, "environment variable " + name + " is not set");
        whole = false;
      }
      reference.appendReplacement(resolved, Matcher.quoteReplacement(value == null ? "" : value));
    }
    return whole ? reference.appendTail(resolved).toString() : null;
  }

  @Nullable String variable(String name) {
    String value = source.environment().get(name);
    if (value == null && name.equals("HOSTNAME")) {
      return hostName();
    }
    if (value != null) {
      redaction.hideVariable(name, value);
    }
    return value;
  }

  /** Shells have it as a variable and do not pass it on. */
  private static @Nullable String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  Redaction redaction() {
    return redaction;
  }

  static boolean hasReference(String text) {
    return REFERENCE.matcher(text).find();
  }

  void fault(String from, int line, String path, String problem) {
    faults.add(new Fault(from, line, path, problem));
  }

  void note(String text) {
    notes.add(text);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  boolean isFaultless() {
    return faults.isEmpty();
  }

  void throwFaults() {
    if (!faults.isEmpty()) {
      throw new SettingsException(List.copyOf(faults));
    }
  }
}
