package io.tailrace.generator.plan;

import java.util.List;

/** Rows of values for templates, read from a CSV file with a line of column names. */
public final class Feeder {

  private final String name;
  private final List<String> columns;
  private final List<List<String>> rows;
  private final boolean random;

  Feeder(String name, List<String> columns, List<List<String>> rows, boolean random) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.rows = List.copyOf(rows);
    this.random = random;
  }

  public String name() {
    return name;
  }

  List<String> columns() {
    return columns;
  }

  public int rows() {
    return rows.size();
  }

  boolean isRandom() {
    return random;
  }

  List<String> row(long index) {
    return rows.get((int) (index % rows.size()));
  }
}
