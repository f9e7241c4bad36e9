package io.tailrace.generator.plan;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the steps of one scenario, in order: a step's templates may use what earlier ones extract.
 */
final class StepReader {

  private static final List<String> METHODS =
      List.of("get", "head", "post", "put", "patch", "delete", "options");
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A segment of a path that is an id rather than a word: digits, a UUID, or long hexadecimal. */
  private static final Pattern ID_SEGMENT =
      Pattern.compile(
          "(?<=/)(?:\\d+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-f]{16,})(?=/|$)");

  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Names names;
  private final Map<String, String> commonHeaders;
  private final String scenario;
  private final long timeoutNanos;

  StepReader(Names names, Map<String, String> commonHeaders, String scenario, long timeoutNanos) {
    this.names = names;
    this.commonHeaders = commonHeaders;
    this.scenario = scenario;
    this.timeoutNanos = timeoutNanos;
  }

  /** A plain GET, for a plan without scenarios. */
  Step get(Settings root, String path) {
    Template address = template(root, "target", path);
    return new Step(
        name("GET", address),
        "GET",
        scenario,
        Map.of(),
        address,
        List.of(),
        ScenarioReader.pairs(root.block("http"), "headers", commonHeaders, names),
        null,
        StatusRule.belowFourHundred(),
        List.of(),
        List.of(),
        timeoutNanos,
        0);
  }

  Step read(Settings step, String basePath) {
    String method = method(step);
    String key = method.toLowerCase(Locale.ROOT);
    String written = step.template(key).or("/");
    if (!written.startsWith("/")) {
      step.refuse(key, "a path that starts with /");
    }
    Template path = template(step, key, basePath + written);
    Map<String, String> headers = new LinkedHashMap<>(commonHeaders);
    step.templateMap("headers").forEach((name, value) -> putHeader(headers, name, value));
    headers.keySet().stream()
        .filter(name -> !HEADER_NAME.matcher(name).matches())
        .forEach(name -> step.refuse("headers", "header names without spaces or colons"));
    Template body = body(step, headers);
    Settings check = step.block("check");
    return new Step(
        step.text("name").or(name(method, template(step, key, written))),
        method,
        scenario,
        step.textMap("tags"),
        path,
        ScenarioReader.pairs(step, "query", step.templateMap("query"), names),
        ScenarioReader.pairs(step, "headers", headers, names),
        body,
        statuses(check),
        checks(check),
        extractions(step.block("extract")),
        HttpReader.timeoutNanos(step, timeoutNanos),
        step.duration("pause").between(Duration.ZERO, LONGEST).or(Duration.ZERO).toNanos());
  }

  private static void putHeader(Map<String, String> headers, String name, String value) {
    headers.keySet().removeIf(name::equalsIgnoreCase);
    headers.put(name, value);
  }

  private static String method(Settings step) {
    List<String> given = METHODS.stream().filter(step::has).toList();
    step.declare(METHODS.toArray(String[]::new));
    if (given.size() != 1) {
      step.refuse(
          given.isEmpty() ? "get" : given.get(1),
          "exactly one of " + String.join(", ", METHODS) + " with a path");
    }
    return (given.isEmpty() ? "get" : given.get(0)).toUpperCase(Locale.ROOT);
  }

  private Template template(Settings block, String key, String text) {
    try {
      return Template.compile(text, names);
    } catch (IllegalArgumentException e) {
      block.refuse(key, String.valueOf(e.getMessage()));
      return Template.compile("", names);
    }
  }

  private static String name(String method, Template path) {
    String named = path.asName();
    int query = named.indexOf('?');
    String plain = query < 0 ? named : named.substring(0, query);
    return method + " " + ID_SEGMENT.matcher(plain).replaceAll("{id}");
  }

  private @Nullable Template body(Settings step, Map<String, String> headers) {
    if (step.has("body") && step.has("json")) {
      step.refuse("json", "either body or json, not both");
    }
    if (step.has("json")) {
      headers.keySet().stream()
          .filter("content-type"::equalsIgnoreCase)
          .findAny()
          .ifPresentOrElse(set -> {}, () -> headers.put("Content-Type", "application/json"));
      return template(step, "json", json(step.tree("json").orElse("")));
    }
    step.declare("json");
    return step.has("body") ? template(step, "body", step.template("body").or("")) : null;
  }

  private static String json(Object tree) {
    try {
      return JSON.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of maps and lists is always JSON", e);
    }
  }

  private static StatusRule statuses(Settings check) {
    if (!check.has("status")) {
      check.declare("status");
      return StatusRule.belowFourHundred();
    }
    try {
      return StatusRule.of(check.texts("status").or(List.of()));
    } catch (IllegalArgumentException e) {
      check.refuse("status", StatusRule.EXPECTED);
      return StatusRule.belowFourHundred();
    }
  }

  private static List<Check> checks(Settings check) {
    List<Check> checks = new ArrayList<>();
    check
        .duration("time")
        .between(Duration.ofNanos(1), LONGEST)
        .optional()
        .ifPresent(limit -> checks.add(new Check.Within(limit.toNanos())));
    check.template("body").optional().ifPresent(text -> checks.add(new Check.BodyContains(text)));
    check
        .template("body_matches")
        .optional()
        .map(text -> pattern(check, "body_matches", text))
        .ifPresent(pattern -> checks.add(new Check.BodyMatches(pattern)));
    check
        .templateMap("headers")
        .forEach((name, value) -> checks.add(new Check.HeaderEquals(name, value)));
    check
        .templateMap("json")
        .forEach(
            (path, value) -> {
              JsonPointer pointer = pointer(check, "json", path);
              checks.add(new Check.JsonEquals(pointer, value));
            });
    return checks;
  }

  private List<Extraction> extractions(Settings extract) {
    List<Extraction> extractions = new ArrayList<>();
    extract.namedBlocks().forEach((name, block) -> extractions.add(extraction(name, block)));
    return extractions;
  }

  private Extraction extraction(String name, Settings block) {
    List<String> given = List.of("json", "header", "regex").stream().filter(block::has).toList();
    block.declare("json", "header", "regex");
    if (given.size() != 1) {
      block.refuse(given.isEmpty() ? "json" : given.get(1), "exactly one of json, header, regex");
    }
    String kind = given.isEmpty() ? "header" : given.get(0);
    String text = block.template(kind).or("");
    Extraction.Source source =
        switch (kind) {
          case "json" -> new Extraction.Json(pointer(block, "json", text));
          case "regex" -> new Extraction.Regex(pattern(block, "regex", text));
          default -> new Extraction.Header(text);
        };
    String otherwise = block.template("default").optional().orElse(null);
    return new Extraction(name, names.define(name), source, otherwise);
  }

  private static Pattern pattern(Settings block, String key, String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      block.refuse(key, "a regular expression: " + e.getDescription());
      return Pattern.compile("");
    }
  }

  /** A JSON pointer such as {@code /items/0/id}, or the same as a path: {@code $.items[0].id}. */
  private static JsonPointer pointer(Settings block, String key, String text) {
    String pointer = text;
    if (text.startsWith("$")) {
      pointer = text.substring(1).replaceAll("\\[(\\d+)]", "/$1").replace('.', '/');
    }
    try {
      return JsonPointer.compile(pointer);
    } catch (IllegalArgumentException e) {
      block.refuse(key, "a JSON pointer such as /items/0/id or a path such as $.items[0].id");
      return JsonPointer.empty();
    }
  }
}
