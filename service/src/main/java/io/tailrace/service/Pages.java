package io.tailrace.service;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Paths that parts of a service answer beside its metrics and health; safe for many threads. */
public final class Pages {
  private final Map<String, Function<String, Page>> pages = new ConcurrentSkipListMap<>();

  /**
   * Answers GET of a path from now on; refuses a path that is already taken.
   *
   * @param page makes the answer from the request's Accept header, empty when there is none
   */
  public void serve(String path, Function<String, Page> page) {
    if (!path.startsWith("/") || path.equals("/metrics") || path.startsWith("/health/")) {
      throw new IllegalArgumentException(
          "cannot serve \"" + path + "\": expected a path such as /results that is still free");
    }
    if (pages.putIfAbsent(path, page) != null) {
      throw new IllegalArgumentException("cannot serve \"" + path + "\" twice");
    }
  }

  /** Stops answering a path. */
  public void remove(String path) {
    pages.remove(path);
  }

  Optional<Page> at(String path, String accepted) {
    return Optional.ofNullable(pages.get(path)).map(page -> page.apply(accepted));
  }

  /** The paths, each after a comma. */
  String paths() {
    return pages.keySet().stream().map(path -> ", " + path).collect(Collectors.joining());
  }
}
