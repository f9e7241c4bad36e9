package io.tailrace.generator.plan;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole load test: against what, how much, and what is sent. */
public record Plan(
    String name,
    String environment,
    String version,
    Map<String, String> tags,
    @Nullable String reportUrl,
    URI target,
    Load load,
    HttpSettings http,
    List<Scenario> scenarios,
    @Nullable String text,
    List<String> notes) {

  public Plan {
    tags = Map.copyOf(tags);
    scenarios = List.copyOf(scenarios);
    notes = List.copyOf(notes);
  }

  public int steps() {
    return scenarios.stream().mapToInt(scenario -> scenario.steps().size()).sum();
  }

  public String host() {
    return target.getHost();
  }

  public boolean tls() {
    return "https".equals(target.getScheme());
  }

  public int port() {
    if (target.getPort() > 0) {
      return target.getPort();
    }
    return tls() ? 443 : 80;
  }
}
