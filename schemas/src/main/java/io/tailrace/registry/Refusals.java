package io.tailrace.registry;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Unknown ids, kept a short time so that a stream of bad records does not become a stream of
 * requests.
 */
final class Refusals {
  private static final int MOST = 1024;
  private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

  private record Refusal(RegistryRefused refused, long atNanos) {}

  private final Map<Integer, Refusal> refusals =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Refusal> eldest) {
          return size() > MOST;
        }
      };

  synchronized void remember(int id, RegistryRefused refused) {
    refusals.put(id, new Refusal(refused, System.nanoTime()));
  }

  void throwIfFresh(int id) {
    RegistryRefused refused = fresh(id);
    if (refused != null) {
      throw refused;
    }
  }

  private synchronized @Nullable RegistryRefused fresh(int id) {
    Refusal refusal = refusals.get(id);
    if (refusal == null) {
      return null;
    }
    if (System.nanoTime() - refusal.atNanos() > FRESH_NANOS) {
      refusals.remove(id);
      return null;
    }
    return refusal.refused();
  }
}
