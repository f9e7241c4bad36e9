package io.tailrace.publisher;

import io.tailrace.wire.WireLimits;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The series and outcomes a publisher knows: bounded, so that ids in names cannot eat the heap. */
final class Dictionary {

  static final int MAX_SERIES = 20_000;
  static final int MAX_OUTCOMES_PER_SERIES = 256;

  /** What series and errors beyond the bounds are counted under. */
  static final String OTHER = "__other__";

  /** Of all the texts of one series together, so that a batch stays near its size. */
  static final int MAX_TEXT = 4_096;

  static final int MAX_ERROR = 256;

  private static final Logger log = LoggerFactory.getLogger(Dictionary.class);

  private record Key(String name, String method, String group, Map<String, String> tags) {}

  private final ConcurrentMap<Key, SeriesHandle> series = new ConcurrentHashMap<>();
  private volatile Outcome[] outcomes = new Outcome[64];
  private int seriesCount;
  private int outcomeCount;
  private boolean warned;

  SeriesHandle series(String name, String method, String group, Map<String, String> tags) {
    Key key = new Key(name, method, group, Map.copyOf(tags));
    SeriesHandle known = series.get(key);
    return known != null ? known : register(key);
  }

  Outcome outcome(SeriesHandle handle, int status, @Nullable String error) {
    Outcome known = handle.find(status, error);
    return known != null ? known : register(handle, status, error);
  }

  /** Everything registered before a sample was released can be found here by its index. */
  Outcome[] outcomes() {
    return outcomes;
  }

  synchronized int seriesCount() {
    return seriesCount;
  }

  private synchronized SeriesHandle register(Key key) {
    SeriesHandle known = series.get(key);
    if (known != null) {
      return known;
    }
    if (seriesCount >= MAX_SERIES && !key.name.equals(OTHER)) {
      warn("more than " + MAX_SERIES + " series: " + key.name + " and later ones become " + OTHER);
      return register(new Key(OTHER, "", "", Map.of()));
    }
    check(key);
    SeriesHandle added =
        new SeriesHandle(this, seriesCount++, key.name, key.method, key.group, key.tags);
    series.put(key, added);
    return added;
  }

  private synchronized Outcome register(SeriesHandle handle, int status, @Nullable String error) {
    String kind = error == null || error.length() <= MAX_ERROR ? error : shorten(error);
    Outcome known = handle.find(status, kind);
    if (known != null) {
      return known;
    }
    // Room is left beyond the bound for one such outcome per status.
    if (kind != null && !kind.equals(OTHER) && handle.outcomes() >= MAX_OUTCOMES_PER_SERIES) {
      warn("more than " + MAX_OUTCOMES_PER_SERIES + " outcomes of " + handle + ": " + kind);
      return register(handle, status, OTHER);
    }
    int index = outcomeCount++;
    Outcome added = new Outcome(handle, index, status, kind);
    Outcome[] all = outcomes;
    if (index == all.length) {
      all = Arrays.copyOf(all, 2 * all.length);
    }
    all[index] = added;
    outcomes = all;
    handle.add(added);
    return added;
  }

  private void warn(String what) {
    if (!warned) {
      warned = true;
      log.warn("{}; are there ids in names or errors?", what);
    }
  }

  private static String shorten(String error) {
    int end = Character.isHighSurrogate(error.charAt(MAX_ERROR - 1)) ? MAX_ERROR - 1 : MAX_ERROR;
    return error.substring(0, end);
  }

  private static void check(Key key) {
    int text = key.name.length() + key.method.length() + key.group.length();
    for (Map.Entry<String, String> tag : key.tags.entrySet()) {
      text += tag.getKey().length() + tag.getValue().length();
    }
    if (text > MAX_TEXT || key.tags.size() > WireLimits.MAX_TAGS) {
      throw new IllegalArgumentException(
          "series %.60s with %,d characters and %,d tags: expected at most %,d and %,d"
              .formatted(key.name, text, key.tags.size(), MAX_TEXT, WireLimits.MAX_TAGS));
    }
  }
}
