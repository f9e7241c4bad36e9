package io.tailrace.generator.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names a scenario's templates may use, each with the slot of a session that holds it. What its
 * exceptions say completes the sentence "expected …".
 */
final class Names {

  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<String, Feeder> feeders;
  private final Map<String, String> environment;
  private final List<FeederColumn> columns = new ArrayList<>();

  /** A column of a feeder that the scenario uses, and the slot it fills. */
  record FeederColumn(Feeder feeder, int column, int slot) {}

  Names(Map<String, Feeder> feeders, Map<String, String> environment) {
    this.feeders = feeders;
    this.environment = environment;
  }

  /** The slot of a new name, or of the same name given before. */
  int define(String name) {
    return slots.computeIfAbsent(name, n -> slots.size());
  }

  /** The slot of a known name; its first use of a feeder's column gives that one a slot. */
  int slotOf(String name) {
    Integer slot = slots.get(name);
    if (slot != null) {
      return slot;
    }
    int dot = name.indexOf('.');
    Feeder feeder = dot < 0 ? null : feeders.get(name.substring(0, dot));
    int column = feeder == null ? -1 : feeder.columns().indexOf(name.substring(dot + 1));
    if (feeder == null || column < 0) {
      throw new IllegalArgumentException(
          "{{" + name + "}} to be one of " + String.join(", ", known()));
    }
    int defined = define(name);
    columns.add(new FeederColumn(feeder, column, defined));
    return defined;
  }

  /** The value of an environment variable, which must be set. */
  String environment(String variable) {
    String value = environment.get(variable);
    if (value == null) {
      throw new IllegalArgumentException("the environment variable " + variable + " to be set");
    }
    return value;
  }

  int size() {
    return slots.size();
  }

  List<FeederColumn> columns() {
    return List.copyOf(columns);
  }

  private Set<String> known() {
    Set<String> known = new TreeSet<>(slots.keySet());
    feeders.forEach(
        (name, feeder) -> feeder.columns().forEach(column -> known.add(name + "." + column)));
    known.addAll(Part.FUNCTIONS);
    return known;
  }
}
