package io.tailrace.generator.plan;

import io.tailrace.objective.Rule;
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
    List<Rule> objectives,
    @Nullable String text,
    List<String> notes) {

  public Plan {
    tags = Map.copyOf(tags);
    scenarios = List.copyOf(scenarios);
    objectives = List.copyOf(objectives);
    notes = List.copyOf(notes);
  }

  /** The same plan with another load on one of its scenarios alone. */
  public Plan withLoad(Load other, Scenario only) {
    return new Plan(
        name,
        environment,
        version,
        tags,
        reportUrl,
        target,
        other,
        http,
        List.of(only),
        objectives,
        text,
        notes);
  }

  /** All steps. */
  public List<Step> steps() {
    return scenarios.stream().map(Scenario::steps).flatMap(List::stream).toList();
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
