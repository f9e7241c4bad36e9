package io.tailrace.publisher;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A series registered with a publisher: what samples are grouped by. */
public final class SeriesHandle {

  private final Dictionary dictionary;
  private final int index;
  private final String name;
  private final String method;
  private final String group;
  private final Map<String, String> tags;

  /** Outcomes by status and error: open addressing, replaced whole when one is added. */
  private volatile @Nullable Outcome[] table = new Outcome[8];

  private int size;

  SeriesHandle(
      Dictionary dictionary,
      int index,
      String name,
      String method,
      String group,
      Map<String, String> tags) {
    this.dictionary = dictionary;
    this.index = index;
    this.name = name;
    this.method = method;
    this.group = group;
    this.tags = tags;
  }

  /** The request's name. */
  public String name() {
    return name;
  }

  /** The protocol's verb; empty where there is none. */
  public String method() {
    return method;
  }

  /** The scenario or transaction; empty where there is none. */
  public String group() {
    return group;
  }

  /** Further tags. */
  public Map<String, String> tags() {
    return tags;
  }

  boolean isOf(Dictionary other) {
    return dictionary == other;
  }

  int index() {
    return index;
  }

  /** Finds without waiting and without garbage. */
  @Nullable Outcome find(int status, @Nullable String error) {
    @Nullable Outcome[] outcomes = table;
    int mask = outcomes.length - 1;
    for (int at = hash(status, error) & mask; ; at = (at + 1) & mask) {
      Outcome outcome = outcomes[at];
      if (outcome == null
          || (outcome.status() == status && Objects.equals(outcome.error(), error))) {
        return outcome;
      }
    }
  }

  /** Only under the dictionary's lock. */
  void add(Outcome added) {
    @Nullable Outcome[] old = table;
    boolean crowded = 2 * (size + 1) > old.length;
    @Nullable Outcome[] grown = new Outcome[crowded ? 2 * old.length : old.length];
    for (Outcome outcome : old) {
      if (outcome != null) {
        insert(grown, outcome);
      }
    }
    insert(grown, added);
    size++;
    table = grown;
  }

  int outcomes() {
    return size;
  }

  private static void insert(@Nullable Outcome[] outcomes, Outcome added) {
    int mask = outcomes.length - 1;
    int at = hash(added.status(), added.error()) & mask;
    while (outcomes[at] != null) {
      at = (at + 1) & mask;
    }
    outcomes[at] = added;
  }

  private static int hash(int status, @Nullable String error) {
    int hash = status * 0x9E3779B9 + (error == null ? 0 : error.hashCode());
    return hash ^ (hash >>> 16);
  }

  @Override
  public String toString() {
    return "series " + name + (method.isEmpty() ? "" : " " + method);
  }
}
