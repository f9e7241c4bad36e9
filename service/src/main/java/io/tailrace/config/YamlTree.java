package io.tailrace.config;

import java.util.List;
import java.util.Map;

/** A parsed YAML document that remembers its lines. */
final class YamlTree {
  private YamlTree() {}

  sealed interface Value {
    int line();

    /** How many values this is with all its aliases written out. */
    long size();
  }

  enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN,
    NULL
  }

  record Scalar(String text, Kind kind, int line) implements Value {
    @Override
    public long size() {
      return 1;
    }
  }

  record Sequence(List<Value> items, int line, long size) implements Value {}

  record Mapping(Map<String, Entry> entries, int line, long size) implements Value {}

  /** A value under its key; the line is the key's. */
  record Entry(Value value, int line) {}
}
