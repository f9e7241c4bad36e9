package io.tailrace.generator.target;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the target received and how it answered, by path and status; bounded, for all threads. */
public final class TargetLedger {

  private static final int MAX_PATHS = 1_000;
  private static final int MAX_SECONDS = 3_600;
  private static final String OTHER = "other";

  private final Map<String, PathCounts> paths = new ConcurrentHashMap<>();
  private final Map<Long, LongAdder> seconds = new ConcurrentHashMap<>();
  private final LongAdder connections = new LongAdder();
  private final LongAdder hung = new LongAdder();
  private final LongAdder reset = new LongAdder();

  /** One path's counts. */
  static final class PathCounts {
    private final LongAdder received = new LongAdder();
    private final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();

    void answered(int status) {
      LongAdder count = byStatus.get(status);
      if (count == null) {
        count = byStatus.computeIfAbsent(status, s -> new LongAdder());
      }
      count.increment();
    }

    private JsonObject toJson() {
      JsonObject statuses = new JsonObject();
      new TreeMap<>(byStatus).forEach((status, count) -> statuses.put("" + status, count.sum()));
      return new JsonObject().put("received", received.sum()).put("answered", statuses);
    }
  }

  PathCounts received(String method, String path, long epochSecond) {
    String key = method + " " + path;
    PathCounts counts = paths.get(key);
    if (counts == null) {
      String bounded = paths.size() < MAX_PATHS ? key : OTHER;
      counts = paths.computeIfAbsent(bounded, k -> new PathCounts());
    }
    counts.received.increment();
    LongAdder second = seconds.get(epochSecond);
    if (second == null) {
      second = seconds.computeIfAbsent(epochSecond, s -> new LongAdder());
      if (seconds.size() > MAX_SECONDS) {
        seconds.keySet().removeIf(old -> old < epochSecond - MAX_SECONDS);
      }
    }
    second.increment();
    return counts;
  }

  void connected() {
    connections.increment();
  }

  void hung() {
    hung.increment();
  }

  void reset() {
    reset.increment();
  }

  /** Forgets everything, so that a test starts from zero. */
  void clear() {
    paths.clear();
    seconds.clear();
    connections.reset();
    hung.reset();
    reset.reset();
  }

  /** Requests received on all paths. */
  public long received() {
    return paths.values().stream().mapToLong(counts -> counts.received.sum()).sum();
  }

  /** Requests received on one path, such as {@code GET /users/1}. */
  public long received(String methodAndPath) {
    PathCounts counts = paths.get(methodAndPath);
    return counts == null ? 0 : counts.received.sum();
  }

  /** Answers given on all paths with one status. */
  public long answered(int status) {
    return paths.values().stream()
        .map(counts -> counts.byStatus.get(status))
        .mapToLong(count -> count == null ? 0 : count.sum())
        .sum();
  }

  public long connections() {
    return connections.sum();
  }

  JsonObject toJson() {
    JsonObject byPath = new JsonObject();
    new TreeMap<>(paths).forEach((path, counts) -> byPath.put(path, counts.toJson()));
    JsonObject bySecond = new JsonObject();
    new TreeMap<>(seconds).forEach((second, count) -> bySecond.put("" + second, count.sum()));
    return new JsonObject()
        .put("received", received())
        .put("connections", connections.sum())
        .put("hung", hung.sum())
        .put("reset", reset.sum())
        .put("paths", byPath)
        .put("seconds", bySecond);
  }
}
