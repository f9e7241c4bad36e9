package io.tailrace.service;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The named checks of one service; safe for use from any thread. */
public final class Health {
  private final Map<String, Supplier<Optional<String>>> live = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentHashMap<>();

  /** While the check names a problem, the process should be replaced. */
  public void live(String name, Supplier<Optional<String>> problem) {
    live.put(name, problem);
  }

  /** While the check names a problem, the process should be given time. */
  public void ready(String name, Supplier<Optional<String>> problem) {
    ready.put(name, problem);
  }

  /** Problems by the name of their check; empty while the process works. */
  public Map<String, String> liveProblems() {
    return problems(live);
  }

  /** A process that is not alive is not ready either. */
  public Map<String, String> readyProblems() {
    Map<String, String> problems = problems(ready);
    problems.putAll(problems(live));
    return problems;
  }

  private static Map<String, String> problems(Map<String, Supplier<Optional<String>>> checks) {
    Map<String, String> problems = new TreeMap<>();
    checks.forEach(
        (name, check) -> {
          try {
            check.get().ifPresent(problem -> problems.put(name, problem));
          } catch (RuntimeException e) {
            problems.put(name, "the check failed: " + e);
          }
        });
    return problems;
  }
}
