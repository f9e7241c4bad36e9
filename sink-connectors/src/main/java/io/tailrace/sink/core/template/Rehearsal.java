package io.tailrace.sink.core.template;

import io.tailrace.config.Nearest;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Renders with every known name set, to learn at start which names a template asks for. */
final class Rehearsal {
  private final Vocabulary vocabulary;
  private final Function<String, Optional<String>> environment;
  private final Set<String> faults = new LinkedHashSet<>();
  private final Map<String, Object> used = new HashMap<>();
  private final Set<String> names = new LinkedHashSet<>();

  Rehearsal(Vocabulary vocabulary, Function<String, Optional<String>> environment) {
    this.vocabulary = vocabulary;
    this.environment = environment;
  }

  /** What to render from. */
  Map<String, Object> model() {
    return known("", vocabulary.sample(), true);
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  /** The environment's values that the template refers to, by name. */
  Map<String, Object> environment() {
    return used;
  }

  /** The names at the root that the template asks for. */
  Set<String> names() {
    return names;
  }

  private Object watched(String path, Object value, boolean strict) {
    if (value instanceof DateName date) {
      return new Watched(path, date::get, date, true);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> texts = new LinkedHashMap<>();
      map.forEach((key, inner) -> texts.put(String.valueOf(key), inner));
      return map.isEmpty() ? new Watched(path, key -> "x", map, false) : known(path, texts, strict);
    }
    if (value instanceof Collection<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(watched(path + "[]", item, false)));
      return items;
    }
    return value;
  }

  private Watched known(String path, Map<String, Object> values, boolean strict) {
    Map<String, Object> inner = new LinkedHashMap<>();
    values.forEach(
        (key, value) ->
            inner.put(key, watched(path.isEmpty() ? key : path + "." + key, value, true)));
    if (path.isEmpty()) {
      inner.put("env", new Watched("env", this::variable, "env", false));
    }
    return new Watched(path, inner::get, values, strict, inner);
  }

  private Object variable(String name) {
    Optional<String> value = environment.apply(name);
    if (value.isEmpty()) {
      faults.add("environment variable " + name + " is not set");
    }
    value.ifPresent(text -> used.put(name, text));
    return value.orElse("");
  }

  /** Notes what it is asked for; what an item does not know is left to the blocks around it. */
  private final class Watched extends AbstractMap<String, Object> {
    private final String path;
    private final Function<String, @Nullable Object> values;
    private final Object shown;
    private final boolean strict;
    private final Map<String, Object> entries;

    Watched(String path, Function<String, @Nullable Object> values, Object shown, boolean strict) {
      this(path, values, shown, strict, Map.of("x", "x"));
    }

    Watched(
        String path,
        Function<String, @Nullable Object> values,
        Object shown,
        boolean strict,
        Map<String, Object> entries) {
      this.path = path;
      this.values = values;
      this.shown = shown;
      this.strict = strict;
      this.entries = entries;
    }

    @Override
    public @Nullable Object get(Object key) {
      String name = String.valueOf(key);
      Object value = values.apply(name);
      if (path.isEmpty()) {
        names.add(name);
      }
      if (value == null && strict) {
        unknown(name);
      }
      return value instanceof DateName date ? new Watched(path, date::get, date, true) : value;
    }

    private void unknown(String name) {
      String full = path.isEmpty() ? name : path + "." + name;
      if (shown instanceof DateName) {
        faults.add("{{" + full + "}}: expected a date of " + DateName.EXPECTED);
        return;
      }
      Collection<String> candidates = path.isEmpty() ? vocabulary.names() : entries.keySet();
      String prefix = path.isEmpty() ? "" : path + ".";
      String nearest =
          Nearest.to(name, candidates)
              .map(near -> "did you mean {{" + prefix + near + "}}?")
              .orElse("known here: " + String.join(", ", candidates));
      faults.add("unknown name {{" + full + "}}; " + nearest);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      return entries.entrySet();
    }

    @Override
    public String toString() {
      return "x";
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
