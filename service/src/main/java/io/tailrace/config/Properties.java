package io.tailrace.config;

import io.tailrace.config.YamlTree.Entry;
import io.tailrace.config.YamlTree.Kind;
import io.tailrace.config.YamlTree.Mapping;
import io.tailrace.config.YamlTree.Scalar;
import io.tailrace.config.YamlTree.Sequence;
import io.tailrace.config.YamlTree.Value;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A block that is passed through to a library: dotted names, however the file nests them, and
 * whatever flags and variables add.
 */
record Properties(Map<String, Property> values) {
  private static final Pattern SECRET =
      Pattern.compile(".*(password|secret|jaas\\.config|user\\.info|token|keystore\\.key)$");

  record Property(String text, Given given) {
    void unknown(Settings root, String name, String meant) {
      String problem = "unknown key; did you mean " + meant + "?";
      root.reading()
          .fault(given.source(), given.line(), KafkaConnection.BLOCK + "." + name, problem);
    }
  }

  static Properties read(Settings parent, String key) {
    Map<String, Property> values = new TreeMap<>();
    Given block = parent.given(key);
    if (block != null && block.value() instanceof Mapping mapping) {
      add(parent, key, "", mapping, values);
    } else if (block != null) {
      parent.refuse(key, "a block of client properties such as bootstrap.servers");
    }
    Reading reading = parent.reading();
    String path = parent.pathOf(key);
    reading
        .environmentBelow(path)
        .forEach(
            (suffix, text) -> {
              String name = suffix.toLowerCase(Locale.ROOT).replace('_', '.');
              String source = "environment " + Reading.environmentName(path) + "_" + suffix;
              values.put(name, property(text, source));
            });
    reading
        .source()
        .flags()
        .forEach(
            (flag, text) -> {
              if (flag.startsWith(path + ".")) {
                values.put(flag.substring(path.length() + 1), property(text, "flag"));
              }
            });
    return new Properties(values);
  }

  private static Property property(String text, String source) {
    return new Property(text, new Given(source, 0, new Scalar(text, Kind.TEXT, 0), false));
  }

  private static void add(
      Settings parent, String key, String prefix, Mapping block, Map<String, Property> values) {
    for (Map.Entry<String, Entry> entry : block.entries().entrySet()) {
      String name = prefix + entry.getKey();
      Value value = entry.getValue().value();
      Given given =
          new Given(parent.reading().source().name(), entry.getValue().line(), value, true);
      if (value instanceof Mapping nested) {
        add(parent, key, name + ".", nested, values);
      } else {
        String text = text(parent, parent.pathOf(key) + "." + name, name, given);
        values.put(name, new Property(text, given));
      }
    }
  }

  private static String text(Settings parent, String path, String name, Given given) {
    Reading reading = parent.reading();
    String raw = flat(given.value());
    if (SECRET.matcher(name).matches() && parent.isLiteralSecret(given, raw)) {
      parent.refuseLiteralSecret(path, given);
      return "";
    }
    String resolved = reading.resolve(raw, given, path);
    return resolved == null ? "" : resolved;
  }

  /** Client properties write a list as one text with commas. */
  private static String flat(Value value) {
    if (value instanceof Sequence sequence) {
      return sequence.items().stream().map(Properties::flat).collect(Collectors.joining(","));
    }
    return value instanceof Scalar scalar ? scalar.text() : "";
  }
}
