package io.tailrace.sink.core.service;

import io.tailrace.config.Nearest;
import io.tailrace.sink.core.provider.SinkProvider;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The sinks there are, by name. */
public final class SinkCatalogue {
  private final Map<String, SinkProvider> byName = new TreeMap<>();

  /** All that can be loaded. */
  public static SinkCatalogue load() {
    SinkCatalogue catalogue = new SinkCatalogue();
    for (SinkProvider provider :
        ServiceLoader.load(SinkProvider.class, SinkProvider.class.getClassLoader())) {
      SinkProvider other = catalogue.byName.put(provider.name(), provider);
      if (other != null) {
        throw new IllegalStateException("two sinks are named " + provider.name());
      }
    }
    return catalogue;
  }

  public Collection<SinkProvider> all() {
    return byName.values();
  }

  public Optional<SinkProvider> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Says that there is no such sink, and which there are. */
  public String missing(String name) {
    String meant =
        Nearest.to(name, byName.keySet()).map(near -> "; did you mean " + near + "?").orElse("");
    return "there is no sink named "
        + name
        + " yet"
        + meant
        + "; there are: "
        + String.join(", ", byName.keySet());
  }
}
