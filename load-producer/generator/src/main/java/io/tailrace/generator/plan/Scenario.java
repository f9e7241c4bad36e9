package io.tailrace.generator.plan;

import io.tailrace.generator.plan.Names.FeederColumn;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** What one visitor does: steps in order, with values of its own. */
public final class Scenario {

  /** A variable and what it starts as. */
  record Variable(int slot, Template value) {}

  private final String name;
  private final int weight;
  private final List<Step> steps;
  private final int slots;
  private final List<Variable> variables;
  private final List<FeederColumn> columns;

  Scenario(
      String name,
      int weight,
      List<Step> steps,
      int slots,
      List<Variable> variables,
      List<FeederColumn> columns) {
    this.name = name;
    this.weight = weight;
    this.steps = List.copyOf(steps);
    this.slots = slots;
    this.variables = List.copyOf(variables);
    this.columns = List.copyOf(columns);
  }

  public String name() {
    return name;
  }

  public int weight() {
    return weight;
  }

  public List<Step> steps() {
    return steps;
  }

  /** Whether a later step may depend on what an earlier one extracts. */
  public boolean extracts() {
    return steps.stream().anyMatch(Step::extracts);
  }

  /** The feeders whose columns its steps use. */
  public Set<Feeder> feeders() {
    Set<Feeder> used = new LinkedHashSet<>();
    columns.forEach(column -> used.add(column.feeder()));
    return used;
  }

  Session session(
      long iteration, long seed, Map<Feeder, FeederCursor> cursors, LongSupplier micros) {
    Session session = new Session(slots, iteration, seed, micros);
    if (!columns.isEmpty()) {
      Map<Feeder, List<String>> rows = new LinkedHashMap<>();
      for (FeederColumn column : columns) {
        List<String> row =
            rows.computeIfAbsent(
                column.feeder(), feeder -> cursorOf(feeder, cursors).next(session.random()));
        session.set(column.slot(), row.get(column.column()));
      }
    }
    for (Variable variable : variables) {
      session.set(variable.slot(), variable.value().render(session));
    }
    return session;
  }

  private static FeederCursor cursorOf(Feeder feeder, Map<Feeder, FeederCursor> cursors) {
    FeederCursor cursor = cursors.get(feeder);
    if (cursor == null) {
      throw new IllegalStateException("no rows were dealt out for feeder " + feeder.name());
    }
    return cursor;
  }
}
