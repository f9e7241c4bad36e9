package io.tailrace.config;

import io.tailrace.config.YamlTree.Entry;
import io.tailrace.config.YamlTree.Kind;
import io.tailrace.config.YamlTree.Mapping;
import io.tailrace.config.YamlTree.Scalar;
import io.tailrace.config.YamlTree.Sequence;
import io.tailrace.config.YamlTree.Value;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A block of the configuration, read key by key. Faults are collected while reading and thrown
 * together by {@link #read}, with the keys nobody asked for. Not thread-safe.
 */
public final class Settings {
  /** Keys that only hold anchors for other blocks start like this. */
  private static final String SHARED = "x-";

  private static final Mapping EMPTY = new Mapping(Map.of(), 0, 1);

  private final Reading reading;
  private final String path;
  private final String source;
  private final int line;
  private final Mapping mapping;
  private final Set<String> asked = new LinkedHashSet<>();
  private final Map<String, List<Settings>> children = new LinkedHashMap<>();

  private Settings(Reading reading, String path, String source, int line, Mapping mapping) {
    this.reading = reading;
    this.path = path;
    this.source = source;
    this.line = line;
    this.mapping = mapping;
  }

  /** The whole configuration; fails at once when the document is not YAML. */
  public static Settings of(SettingsSource source) {
    Reading reading = new Reading(source);
    return new Settings(reading, "", source.name(), 1, reading.document());
  }

  /**
   * Reads a configuration record from this block, then throws every fault found so far in the whole
   * configuration, unknown keys included.
   */
  public <T> T read(Function<Settings, T> reader) {
    T result = null;
    try {
      result = reader.apply(this);
    } catch (SettingsException e) {
      throw e;
    } catch (RuntimeException e) {
      // After a fault whoever gets a placeholder may break on it; that is not news.
      if (reading.isFaultless()) {
        if (!(e instanceof IllegalArgumentException)) {
          throw e;
        }
        reading.fault(source, line, path, String.valueOf(e.getMessage()));
      }
    }
    refuseUnknown();
    reading.throwFaults();
    if (result == null) {
      throw new IllegalStateException("reading " + this + " gave nothing");
    }
    return result;
  }

  /** Keys that belong here and are read by somebody else. */
  public Settings declare(String... keys) {
    asked.addAll(List.of(keys));
    return this;
  }

  public Setting<String> text(String key) {
    return plain(key, "a text", "", text -> text);
  }

  /** A text whose {@code {{...}}} references are kept for whoever renders it. */
  public Setting<String> template(String key) {
    return setting(key, "a text", "", (given, scalar) -> scalar.text());
  }

  public OrderedSetting<Integer> integer(String key) {
    return ordered(key, "a whole number", 0, text -> Integer.valueOf(digits(text)));
  }

  public OrderedSetting<Long> wholeNumber(String key) {
    return ordered(key, "a whole number", 0L, text -> Long.valueOf(digits(text)));
  }

  /** A finite number. */
  public OrderedSetting<Double> number(String key) {
    return ordered(
        key,
        "a number",
        0.0,
        text -> {
          double value = Double.parseDouble(digits(text));
          if (!Double.isFinite(value)) {
            throw new NumberFormatException("not finite");
          }
          return value;
        });
  }

  public Setting<Boolean> flag(String key) {
    return plain(
        key,
        "true or false",
        false,
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "yes", "on" -> true;
              case "false", "no", "off" -> false;
              default -> throw new IllegalArgumentException(text);
            });
  }

  public OrderedSetting<Duration> duration(String key) {
    return ordered(key, Durations.EXPECTED, Duration.ZERO, Durations::parse);
  }

  /** An amount of bytes. */
  public OrderedSetting<Long> size(String key) {
    return ordered(key, Sizes.EXPECTED, 0L, Sizes::parse);
  }

  /** One of the constants, written in lower case with - or _ between words. */
  public <E extends Enum<E>> Setting<E> choice(String key, Class<E> type) {
    E[] constants = type.getEnumConstants();
    String names =
        Arrays.stream(constants)
            .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(Collectors.joining(", "));
    return plain(
        key,
        "one of " + names,
        constants[0],
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')));
  }

  /** An absolute http or https address without a user in it. */
  public Setting<URI> url(String key) {
    return plain(key, Parsing.URL_EXPECTED, URI.create("http://invalid.invalid"), Parsing::url);
  }

  /** A file, relative to the configuration file's folder. */
  public Setting<Path> path(String key) {
    Path directory = reading.source().directory();
    return plain(key, "a path", directory, directory::resolve);
  }

  /**
   * A secret, which must come from {@code {{env.NAME}}} or {@code {{file:PATH}}} unless literals
   * are allowed.
   */
  public Setting<Secret> secret(String key) {
    return setting(
        key,
        "a secret as \"{{env.NAME}}\" or \"{{file:PATH}}\"",
        Secret.of(""),
        (given, scalar) -> {
          String text = secretText(key, given, scalar.text());
          if (text == null) {
            return null;
          }
          reading.redaction().hide(text);
          return Secret.of(text);
        });
  }

  private @Nullable String secretText(String key, Given given, String written) {
    String file = SecretFile.reference(written);
    if (file != null) {
      try {
        return SecretFile.read(reading.source().directory().resolve(file));
      } catch (IllegalArgumentException e) {
        fault(key, String.valueOf(e.getMessage()));
        return null;
      }
    }
    if (isLiteralSecret(given, written)) {
      refuseLiteralSecret(key, given);
      return null;
    }
    return reading.resolve(written, given, pathOf(key));
  }

  /** Takes this configuration's secrets out of texts; knows those that have been read. */
  public Redaction redaction() {
    return reading.redaction();
  }

  /** A list; one value alone is a list of one, and flags and variables separate by commas. */
  public Setting<List<String>> texts(String key) {
    return texts(key, (text, given) -> reading.resolve(text, given, pathOf(key)));
  }

  private Setting<List<String>> texts(
      String key, BiFunction<String, Given, @Nullable String> resolver) {
    Given given = given(key);
    if (given == null) {
      return new Setting<>(this, key, "a list of texts", List.of(), null, false);
    }
    List<String> texts = new ArrayList<>();
    boolean whole = true;
    for (Value item : Parsing.items(given)) {
      String text = item instanceof Scalar scalar ? resolver.apply(scalar.text(), given) : null;
      if (!(item instanceof Scalar)) {
        reading.fault(given.source(), item.line(), pathOf(key), "expected a list of texts");
      }
      whole &= text != null;
      texts.add(text == null ? "" : text);
    }
    List<String> value = whole ? List.copyOf(texts) : null;
    return new Setting<>(this, key, "a list of texts", List.of(), value, !whole);
  }

  /** As {@link #texts}, the references kept for whoever renders the items. */
  public Setting<List<String>> templateTexts(String key) {
    return texts(key, (text, given) -> text);
  }

  /** A block of any keys with texts, in the order written; empty when absent. */
  public Map<String, String> textMap(String key) {
    return scalars(key, true);
  }

  /** As {@link #textMap}, the references kept for whoever renders the values. */
  public Map<String, String> templateMap(String key) {
    return scalars(key, false);
  }

  /** Anything at all, as maps, lists, strings, numbers and booleans; references are kept. */
  public Optional<Object> tree(String key) {
    Given given = given(key);
    return given == null ? Optional.empty() : Optional.of(Parsing.plainTree(given.value()));
  }

  /** The block under a key; an empty one when it is absent. */
  public Settings block(String key) {
    return children.computeIfAbsent(key, this::newBlock).get(0);
  }

  public Optional<Settings> optionalBlock(String key) {
    return has(key) ? Optional.of(block(key)) : Optional.empty();
  }

  /** A list of blocks; one block alone is a list of one. */
  public List<Settings> blocks(String key) {
    return children.computeIfAbsent(key, this::newBlocks);
  }

  /** Every key of this block as a block of its own, for blocks whose keys are names. */
  public Map<String, Settings> namedBlocks() {
    Map<String, Settings> blocks = new LinkedHashMap<>();
    mapping.entries().keySet().forEach(key -> blocks.put(key, block(key)));
    return blocks;
  }

  /** Whether the file, a flag or the environment gives the key or something below it. */
  public boolean has(String key) {
    Given given = given(key);
    return given != null || reading.hasOverrideBelow(pathOf(key));
  }

  /** The keys the file gives here, in its order, and then those that only flags give, in theirs. */
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>(mapping.entries().keySet());
    reading.flagsBelow(path).forEach(key -> keys.add(key.split("\\.", 2)[0]));
    return keys;
  }

  public String path() {
    return path;
  }

  /** Whether the key's list in the file is a list rather than a block; the key counts as known. */
  public boolean isList(String key) {
    Given given = given(key);
    return given != null && given.value() instanceof Sequence;
  }

  /** Accepts a key that cannot do anything here and notes why, when it is given. */
  public void cannotApply(String key, String reason) {
    Given given = given(key);
    if (given != null) {
      String at = given.line() > 0 ? given.source() + ":" + given.line() : given.source();
      reading.note(at + ": " + pathOf(key) + " has no effect: " + reason);
    }
  }

  /** What {@link #cannotApply} noted, in the whole configuration. */
  public List<String> notes() {
    return reading.notes();
  }

  /** Records a fault that only the reader can see; what was expected completes "expected ...". */
  public void refuse(String key, String expected) {
    Given given = given(key);
    if (given == null) {
      missing(key, expected);
    } else {
      String problem = Parsing.shown(given.value()) + "expected " + expected;
      reading.fault(given.source(), given.line(), pathOf(key), problem);
    }
  }

  /**
   * Records a fault of a part of what is under a key.
   *
   * @param index which item of a list it is; its line is named
   * @param below what follows the key, such as {@code [1].name}
   */
  public void fault(String key, int index, String below, String problem) {
    Given given = given(key);
    if (given == null) {
      fault(key, problem);
    } else {
      int at =
          given.value() instanceof Sequence sequence && index < sequence.items().size()
              ? sequence.items().get(index).line()
              : given.line();
      reading.fault(given.source(), at, pathOf(key) + below, problem);
    }
  }

  /** Records a fault of a key in words of the caller's own. */
  public void fault(String key, String problem) {
    Given given = given(key);
    if (given == null) {
      reading.fault(source, line, pathOf(key), problem);
    } else {
      reading.fault(given.source(), given.line(), pathOf(key), problem);
    }
  }

  /** What an environment variable holds, for whoever renders references itself. */
  public Optional<String> environment(String name) {
    return Optional.ofNullable(reading.variable(name));
  }

  void missing(String key, String expected) {
    String problem = "missing; expected " + expected;
    reading.fault(source, line, pathOf(key), problem);
  }

  String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  Reading reading() {
    return reading;
  }

  /** What is given for a key; null when it is absent or empty. */
  @Nullable Given given(String key) {
    asked.add(key);
    Given override = reading.override(pathOf(key));
    if (override != null) {
      return override;
    }
    Entry entry = mapping.entries().get(key);
    if (entry == null || (entry.value() instanceof Scalar scalar && scalar.kind() == Kind.NULL)) {
      return null;
    }
    return new Given(reading.source().name(), entry.line(), entry.value(), true);
  }

  boolean isLiteralSecret(Given given, String text) {
    return given.fromFile()
        && !text.isEmpty()
        && !Reading.hasReference(text)
        && !reading.source().literalSecretsAllowed();
  }

  void refuseLiteralSecret(String key, Given given) {
    String problem =
        "a secret stands here in plain text; write \"{{env.NAME}}\" and set that variable"
            + " (or pass --allow-literal-secrets)";
    reading.fault(given.source(), given.line(), pathOf(key), problem);
  }

  private List<Settings> newBlock(String key) {
    Given given = given(key);
    if (given == null) {
      return List.of(new Settings(reading, pathOf(key), source, line, EMPTY));
    }
    return List.of(child(given, given.value(), given.line(), pathOf(key)));
  }

  private List<Settings> newBlocks(String key) {
    Given given = given(key);
    if (given == null) {
      return List.of();
    }
    if (!(given.value() instanceof Sequence sequence)) {
      return List.of(child(given, given.value(), given.line(), pathOf(key)));
    }
    List<Settings> blocks = new ArrayList<>();
    for (Value item : sequence.items()) {
      String at = pathOf(key) + "[" + blocks.size() + "]";
      blocks.add(child(given, item, item.line(), at));
    }
    return List.copyOf(blocks);
  }

  private Settings child(Given given, Value value, int at, String childPath) {
    if (value instanceof Mapping block) {
      return new Settings(reading, childPath, given.source(), at, block);
    }
    String problem = Parsing.shown(value) + "expected a block of keys";
    reading.fault(given.source(), at, childPath, problem);
    return new Settings(reading, childPath, given.source(), at, EMPTY);
  }

  private Map<String, String> scalars(String key, boolean resolved) {
    Given given = given(key);
    Map<String, String> texts = new LinkedHashMap<>();
    if (given == null) {
      return texts;
    }
    for (Map.Entry<String, Value> entry : Parsing.pairs(given).entrySet()) {
      String at = pathOf(key) + "." + entry.getKey();
      if (!(entry.getValue() instanceof Scalar scalar)) {
        reading.fault(given.source(), entry.getValue().line(), at, "expected a text");
        continue;
      }
      String text = resolved ? reading.resolve(scalar.text(), given, at) : scalar.text();
      texts.put(entry.getKey(), text == null ? "" : text);
    }
    if (!(given.value() instanceof Mapping) && texts.isEmpty()) {
      refuse(key, "a block of keys with texts");
    }
    return texts;
  }

  private <T> Setting<T> plain(
      String key, String expected, T placeholder, Function<String, T> parser) {
    return setting(key, expected, placeholder, resolving(key, expected, parser));
  }

  private <T extends Comparable<? super T>> OrderedSetting<T> ordered(
      String key, String expected, T placeholder, Function<String, T> parser) {
    Given given = given(key);
    T value = given == null ? null : scalar(key, expected, given, resolving(key, expected, parser));
    boolean faulty = given != null && value == null;
    return new OrderedSetting<>(this, key, expected, placeholder, value, faulty);
  }

  private <T> Setting<T> setting(
      String key, String expected, T placeholder, BiFunction<Given, Scalar, @Nullable T> parser) {
    Given given = given(key);
    T value = given == null ? null : scalar(key, expected, given, parser);
    return new Setting<>(this, key, expected, placeholder, value, given != null && value == null);
  }

  private <T> @Nullable T scalar(
      String key, String expected, Given given, BiFunction<Given, Scalar, @Nullable T> parser) {
    if (given.value() instanceof Scalar scalar) {
      return parser.apply(given, scalar);
    }
    refuse(key, expected);
    return null;
  }

  private <T> BiFunction<Given, Scalar, @Nullable T> resolving(
      String key, String expected, Function<String, T> parser) {
    return (given, scalar) -> {
      String text = reading.resolve(scalar.text(), given, pathOf(key));
      if (text == null) {
        return null;
      }
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException e) {
        refuse(key, expected);
        return null;
      }
    };
  }

  private void refuseUnknown() {
    for (Map.Entry<String, Entry> entry : mapping.entries().entrySet()) {
      if (!asked.contains(entry.getKey()) && !entry.getKey().startsWith(SHARED)) {
        refuseUnknown(reading.source().name(), entry.getValue().line(), entry.getKey());
      }
    }
    reading
        .flagsBelow(path)
        .forEach(
            key -> {
              if (!asked.contains(key) && !asked.contains(key.split("\\.", 2)[0])) {
                refuseUnknown("flag", 0, key);
              }
            });
    // At the root other TAILRACE_ variables are the business of other programs and tests.
    if (!path.isEmpty()) {
      Set<String> known =
          asked.stream().map(Reading::environmentSuffix).collect(Collectors.toSet());
      reading
          .environmentBelow(path)
          .keySet()
          .forEach(
              suffix -> {
                if (known.stream().noneMatch(k -> suffix.equals(k) || suffix.startsWith(k + "_"))) {
                  String name = Reading.environmentName(path) + "_" + suffix;
                  refuseUnknown("environment " + name, 0, suffix.toLowerCase(Locale.ROOT));
                }
              });
    }
    children.values().forEach(blocks -> blocks.forEach(Settings::refuseUnknown));
  }

  private void refuseUnknown(String from, int at, String key) {
    // A flag may be a path of which one part is wrong; most often that is the first one.
    String[] parts = key.split("\\.", 2);
    String rest = parts.length == 1 ? "" : "." + parts[1];
    String nearest =
        Nearest.to(key, asked)
            .or(() -> Nearest.to(parts[0], asked).map(known -> known + rest))
            .map(known -> "; did you mean " + known + "?")
            .orElse(asked.isEmpty() ? "" : "; known here: " + String.join(", ", asked));
    reading.fault(from, at, pathOf(key), "unknown key" + nearest);
  }

  private static String digits(String text) {
    return text.strip().replace("_", "");
  }

  @Override
  public String toString() {
    return "Settings[" + (path.isEmpty() ? source : path) + "]";
  }
}
