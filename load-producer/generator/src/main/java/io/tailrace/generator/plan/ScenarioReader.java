package io.tailrace.generator.plan;

import io.tailrace.config.Settings;
import io.tailrace.generator.plan.Scenario.Variable;
import io.tailrace.generator.plan.Step.Pair;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the {@code scenarios:} block; without one, the plan is a GET of its target. */
final class ScenarioReader {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_WEIGHT = 1_000_000;

  private final Settings root;
  private final Map<String, Feeder> feeders;
  private final Map<String, String> environment;
  private final String basePath;
  private final String baseQuery;
  private final Map<String, String> commonHeaders = new LinkedHashMap<>();
  private final long timeoutNanos;

  ScenarioReader(
      Settings root,
      Settings http,
      URI target,
      Map<String, Feeder> feeders,
      Map<String, String> environment) {
    this.root = root;
    this.feeders = feeders;
    this.environment = environment;
    this.basePath = target.getRawPath() == null ? "" : target.getRawPath();
    this.baseQuery = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    this.timeoutNanos = HttpReader.timeoutNanos(http, DEFAULT_TIMEOUT.toNanos());
    commonHeaders.putAll(http.templateMap("headers"));
    login(http.block("auth"));
  }

  private void login(Settings auth) {
    Settings basic = auth.block("basic");
    if (auth.has("basic")) {
      String login =
          basic.text("username").required() + ":" + basic.secret("password").required().reveal();
      commonHeaders.put("Authorization", "Basic " + base64(login));
    }
    auth.secret("bearer")
        .optional()
        .ifPresent(token -> commonHeaders.put("Authorization", "Bearer " + token.reveal()));
    if (auth.has("basic") && auth.has("bearer")) {
      auth.refuse("bearer", "either basic or bearer, not both");
    }
  }

  private static String base64(String login) {
    return Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  List<Scenario> read() {
    Map<String, String> variables = root.templateMap("variables");
    if (!root.has("scenarios")) {
      return List.of(justTheTarget(variables));
    }
    if (!baseQuery.isEmpty()) {
      root.refuse("target", "an address without a query, as the steps have their own");
    }
    List<Scenario> scenarios = new ArrayList<>();
    for (Settings block : root.blocks("scenarios")) {
      scenarios.add(scenario(block, "scenario " + (scenarios.size() + 1), variables));
    }
    if (scenarios.isEmpty()) {
      root.refuse("scenarios", "at least one scenario");
    }
    return scenarios;
  }

  private Scenario justTheTarget(Map<String, String> variables) {
    Names names = new Names(feeders, environment);
    List<Variable> initial = variables(variables, names);
    StepReader reader = new StepReader(names, commonHeaders, "", timeoutNanos);
    Step step = reader.get(root, (basePath.isEmpty() ? "/" : basePath) + baseQuery);
    return new Scenario("", 1, List.of(step), names.size(), initial, names.columns());
  }

  private Scenario scenario(Settings block, String defaultName, Map<String, String> variables) {
    Names names = new Names(feeders, environment);
    String name = block.text("name").or(defaultName);
    int weight = block.integer("weight").between(1, MAX_WEIGHT).or(1);
    List<Variable> initial = variables(variables, names);
    String prefix =
        basePath.endsWith("/") ? basePath.substring(0, basePath.length() - 1) : basePath;
    List<Step> read = new ArrayList<>();
    StepReader reader = new StepReader(names, commonHeaders, name, timeoutNanos);
    for (Settings step : block.blocks("steps")) {
      read.add(reader.read(step, prefix));
    }
    if (read.isEmpty()) {
      block.refuse("steps", "at least one step");
    }
    return new Scenario(name, weight, read, names.size(), initial, names.columns());
  }

  private List<Variable> variables(Map<String, String> variables, Names names) {
    List<Variable> initial = new ArrayList<>();
    variables.forEach(
        (name, text) -> {
          try {
            Template value = Template.compile(text, names);
            initial.add(new Variable(names.define(name), value));
          } catch (IllegalArgumentException e) {
            root.refuse("variables", String.valueOf(e.getMessage()));
            names.define(name);
          }
        });
    return initial;
  }

  static List<Pair> pairs(Settings block, String key, Map<String, String> texts, Names names) {
    List<Pair> pairs = new ArrayList<>();
    texts.forEach(
        (name, text) -> {
          try {
            pairs.add(new Pair(name, Template.compile(text, names)));
          } catch (IllegalArgumentException e) {
            block.refuse(key, String.valueOf(e.getMessage()));
          }
        });
    return pairs;
  }
}
