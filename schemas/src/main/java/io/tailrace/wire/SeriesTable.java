package io.tailrace.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The series of a batch being written, each encoded when it first appears. */
final class SeriesTable {
  private record Key(String name, String method, String group, Map<String, String> tags) {}

  private final Map<Key, Integer> indexes = new HashMap<>();
  private final AvroBuffer entries = new AvroBuffer(1024);

  void clear() {
    indexes.clear();
    entries.clear();
  }

  int size() {
    return indexes.size();
  }

  int encodedBytes() {
    return entries.length;
  }

  int index(String name, String method, String group, Map<String, String> tags) {
    Integer known = indexes.get(new Key(name, method, group, tags));
    if (known != null) {
      return known;
    }
    int index = indexes.size();
    if (index == WireLimits.MAX_SERIES) {
      throw new IllegalStateException("a batch holds at most " + WireLimits.MAX_SERIES + " series");
    }
    if (tags.size() > WireLimits.MAX_TAGS) {
      throw new IllegalArgumentException(
          "series " + name + " has " + tags.size() + " tags, at most " + WireLimits.MAX_TAGS);
    }
    indexes.put(new Key(name, method, group, Map.copyOf(tags)), index);
    entries.putBytes(Names.cut(name));
    entries.putBytes(Names.cut(method));
    entries.putBytes(Names.cut(group));
    if (!tags.isEmpty()) {
      entries.putLong(tags.size());
      // Sorted, so that the same series has the same bytes in every batch of every node.
      new TreeMap<>(tags)
          .forEach(
              (key, value) -> {
                entries.putBytes(Names.cut(key));
                entries.putBytes(Names.cut(value));
              });
    }
    entries.putLong(0);
    return index;
  }

  void encode(AvroBuffer out) {
    if (!indexes.isEmpty()) {
      out.putLong(indexes.size());
      out.append(entries);
    }
    out.putLong(0);
  }
}
