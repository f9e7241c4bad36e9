package io.tailrace.sink.core.option;

import io.tailrace.config.Durations;
import io.tailrace.config.OrderedSetting;
import io.tailrace.config.Secret;
import io.tailrace.config.Setting;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.template.Escape;
import io.tailrace.sink.core.template.Template;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One key of a sink's block: reads it and says what it is. */
public final class Option<T> {
  static final String REQUIRED = "required";
  private static final String NONE = "";

  private final String key;
  private final String kind;
  private final String about;
  private final String byDefault;
  private final Options inside;
  private final Function<Settings, T> reader;

  private Option(
      String key,
      String kind,
      String about,
      String byDefault,
      Options inside,
      Function<Settings, T> reader) {
    this.key = key;
    this.kind = kind;
    this.about = about;
    this.byDefault = byDefault;
    this.inside = inside;
    this.reader = reader;
  }

  /** Reads the key of a block; faults are collected by the settings. */
  public T from(Settings block) {
    return reader.apply(block);
  }

  public String key() {
    return key;
  }

  /** What is to be written, such as "a duration". */
  public String kind() {
    return kind;
  }

  public String about() {
    return about;
  }

  /** The default as it would be written, "required", or empty for none. */
  public String byDefault() {
    return byDefault;
  }

  /** The keys below this one. */
  public Options inside() {
    return inside;
  }

  public static Draft<String> text(String key, String about) {
    return new Draft<>(key, "text", about, block -> block.text(key));
  }

  public static OrderedDraft<Integer> integer(String key, String about) {
    return new OrderedDraft<>(key, "whole number", about, block -> block.integer(key));
  }

  public static OrderedDraft<Double> number(String key, String about) {
    return new OrderedDraft<>(key, "number", about, block -> block.number(key));
  }

  public static Draft<Boolean> flag(String key, String about) {
    return new Draft<>(key, "true or false", about, block -> block.flag(key));
  }

  public static OrderedDraft<Duration> duration(String key, String about) {
    return new OrderedDraft<>(key, "duration", about, block -> block.duration(key));
  }

  /** An amount of bytes. */
  public static OrderedDraft<Long> size(String key, String about) {
    return new OrderedDraft<>(key, "size", about, block -> block.size(key));
  }

  public static <E extends Enum<E>> Draft<E> choice(String key, String about, Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(Option::written)
            .collect(Collectors.joining(" | "));
    return new Draft<>(key, names, about, block -> block.choice(key, type));
  }

  public static Draft<URI> url(String key, String about) {
    return new Draft<>(key, "URL", about, block -> block.url(key));
  }

  public static Draft<Path> path(String key, String about) {
    return new Draft<>(key, "path", about, block -> block.path(key));
  }

  public static Draft<Secret> secret(String key, String about) {
    return new Draft<>(key, "secret", about, block -> block.secret(key));
  }

  public static Draft<List<String>> texts(String key, String about) {
    return new Draft<>(key, "list of texts", about, block -> block.texts(key));
  }

  /** Any keys with texts; empty when absent. */
  public static Option<Map<String, String>> textMap(String key, String about) {
    return new Option<>(
        key, "keys with texts", about, NONE, Options.NONE, block -> block.textMap(key));
  }

  /** Anything at all, as maps, lists, texts, numbers and booleans; references are kept. */
  public static Option<Optional<Object>> tree(String key, String about) {
    return new Option<>(key, "anything", about, NONE, Options.NONE, block -> block.tree(key));
  }

  /** A text rendered for every record; see {@link Template}. */
  public static Draft<Template> template(String key, String about, Escape escape) {
    return new Draft<>(
        key,
        "template",
        about,
        block ->
            block
                .template(key)
                .as(text -> Template.compile(text, escape, block::environment), Template.EMPTY));
  }

  public static Draft<List<Template>> templates(String key, String about, Escape escape) {
    return new Draft<>(
        key,
        "list of templates",
        about,
        block ->
            block
                .templateTexts(key)
                .as(
                    texts ->
                        texts.stream()
                            .map(text -> Template.compile(text, escape, block::environment))
                            .toList(),
                    List.of()));
  }

  /** Any keys with templates, in the order written; empty when absent. */
  public static Option<Map<String, Template>> templateMap(String key, String about, Escape escape) {
    return new Option<>(
        key,
        "keys with templates",
        about,
        NONE,
        Options.NONE,
        block -> {
          Map<String, Template> templates = new LinkedHashMap<>();
          block
              .templateMap(key)
              .forEach((name, text) -> compile(block, key, name, text, escape, templates));
          return templates;
        });
  }

  private static void compile(
      Settings block,
      String key,
      String name,
      String text,
      Escape escape,
      Map<String, Template> templates) {
    try {
      templates.put(name, Template.compile(text, escape, block::environment));
    } catch (IllegalArgumentException e) {
      block.fault(key + "." + name, String.valueOf(e.getMessage()));
    }
  }

  /** A block below this one; when it is absent, an empty one is read. */
  public static <B> Option<B> block(
      String key, String about, Options inside, Function<Settings, B> reader) {
    return new Option<>(
        key, "block", about, NONE, inside, block -> inside.read(block.block(key), reader));
  }

  public static <B> Option<Optional<B>> optionalBlock(
      String key, String about, Options inside, Function<Settings, B> reader) {
    return new Option<>(
        key,
        "block",
        about,
        NONE,
        inside,
        block -> block.optionalBlock(key).map(below -> inside.read(below, reader)));
  }

  /** A list of blocks; one alone is a list of one. */
  public static <B> Option<List<B>> blocks(
      String key, String about, Options inside, Function<Settings, B> reader) {
    return new Option<>(
        key,
        "list of blocks",
        about,
        NONE,
        inside,
        block -> {
          List<B> blocks = new ArrayList<>();
          block.blocks(key).forEach(below -> blocks.add(inside.read(below, reader)));
          return List.copyOf(blocks);
        });
  }

  /** Blocks under names of the user's choosing; the reader is given the name. */
  public static <B> Option<Map<String, B>> namedBlocks(
      String key, String about, Options inside, BiFunction<String, Settings, B> reader) {
    return new Option<>(
        key,
        "named blocks",
        about,
        NONE,
        inside,
        block -> {
          Map<String, B> blocks = new LinkedHashMap<>();
          block
              .block(key)
              .namedBlocks()
              .forEach(
                  (name, below) ->
                      blocks.put(name, inside.read(below, its -> reader.apply(name, its))));
          return blocks;
        });
  }

  /** A key that users write and that can do nothing here; the reason is told at start. */
  public static Option<Boolean> withoutEffect(String key, String reason) {
    return new Option<>(
        key,
        "anything",
        "No effect: " + reason,
        NONE,
        Options.NONE,
        block -> {
          block.cannotApply(key, reason);
          return block.has(key);
        });
  }

  private static String written(Object value) {
    if (value instanceof Duration span) {
      return Durations.format(span);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (value instanceof Collection<?> list) {
      return list.stream().map(Option::written).collect(Collectors.joining(", "));
    }
    return value.toString();
  }

  /** An option that still has to hear what its absence means. */
  public static class Draft<T> {
    private final String key;
    private final String kind;
    private final String about;
    private final Function<Settings, ? extends Setting<T>> reader;

    private Draft(
        String key, String kind, String about, Function<Settings, ? extends Setting<T>> reader) {
      this.key = key;
      this.kind = kind;
      this.about = about;
      this.reader = reader;
    }

    /** Refuses what the condition does not hold for; the expectation completes "expected ...". */
    public Draft<T> where(Predicate<? super T> condition, String expectation) {
      return new Draft<>(
          key, kind, about, block -> reader.apply(block).where(condition, expectation));
    }

    /** Reads the value further; an IllegalArgumentException's message becomes the fault. */
    public <R> Draft<R> as(Function<? super T, R> further, R standIn) {
      return new Draft<>(key, kind, about, block -> reader.apply(block).as(further, standIn));
    }

    public Option<T> required() {
      return new Option<>(
          key, kind, about, REQUIRED, Options.NONE, block -> reader.apply(block).required());
    }

    public Option<T> or(T byDefault) {
      return new Option<>(
          key,
          kind,
          about,
          written(byDefault),
          Options.NONE,
          block -> reader.apply(block).or(byDefault));
    }

    public Option<Optional<T>> optional() {
      return new Option<>(
          key, kind, about, NONE, Options.NONE, block -> reader.apply(block).optional());
    }
  }

  /** A draft whose value can be held between limits, which are allowed themselves. */
  public static final class OrderedDraft<T extends Comparable<? super T>> extends Draft<T> {
    private final String key;
    private final String kind;
    private final String about;
    private final Function<Settings, OrderedSetting<T>> reader;

    private OrderedDraft(
        String key, String kind, String about, Function<Settings, OrderedSetting<T>> reader) {
      super(key, kind, about, reader);
      this.key = key;
      this.kind = kind;
      this.about = about;
      this.reader = reader;
    }

    public Draft<T> between(T least, T most) {
      return new Draft<>(
          key,
          kind + ", " + written(least) + " to " + written(most),
          about,
          block -> reader.apply(block).between(least, most));
    }

    public Draft<T> atLeast(T least) {
      return new Draft<>(
          key,
          kind + ", at least " + written(least),
          about,
          block -> reader.apply(block).atLeast(least));
    }
  }
}
