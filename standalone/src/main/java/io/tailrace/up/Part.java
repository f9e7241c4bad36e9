package io.tailrace.up;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can run in the process, in the order in which it starts. */
public enum Part {
  KAFKA,
  REGISTRY,
  AGGREGATOR,
  SINKS,
  TARGET;

  static boolean isKnown(String written) {
    return Arrays.stream(values()).anyMatch(part -> part.written().equals(written));
  }

  static Set<Part> all(List<String> written) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    written.forEach(name -> parts.add(valueOf(name.toUpperCase(Locale.ROOT))));
    return parts;
  }

  static String names() {
    return Arrays.stream(values()).map(Part::written).collect(Collectors.joining(", "));
  }

  /** As it stands in the configuration. */
  public String written() {
    return name().toLowerCase(Locale.ROOT);
  }
}
