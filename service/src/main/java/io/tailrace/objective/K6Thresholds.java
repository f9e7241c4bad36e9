package io.tailrace.objective;

import io.tailrace.objective.Condition.OfMetric;
import io.tailrace.objective.Metric.Kind;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the thresholds of a k6 script or configuration into rules, and says what they cannot keep.
 *
 * @see <a href="https://grafana.com/docs/k6/latest/using-k6/thresholds/">k6: thresholds</a>
 */
public final class K6Thresholds {
  // assertion of metrics/thresholds_parser.go in k6
  private static final Pattern ASSERTION =
      Pattern.compile(
          "\\s*(avg|min|max|med|count|rate|value|p\\(\\s*([0-9.]{1,10})\\s*\\))\\s*"
              + "(<=|<|>=|>|===|==|!=)\\s*([0-9]{1,12}(?:\\.[0-9]{1,9})?)\\s*");
  private static final int LONGEST_ASSERTION = 200;

  /** Tags that k6 sets by itself and that Tailrace does not split series by. */
  private static final Set<String> NO_PART_OF_A_SERIES =
      Set.of(
          "status",
          "url",
          "proto",
          "subproto",
          "error",
          "error_code",
          "expected_response",
          "tls_version",
          "ocsp_status",
          "check",
          "service",
          "ip",
          "vu",
          "iter");

  private final List<Rule> rules = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private K6Thresholds() {}

  /**
   * What became of a script's thresholds.
   *
   * @param notes what could not be kept, or means something else here
   */
  public record Conversion(List<Rule> rules, List<String> notes) {}

  /**
   * Converts a script (JavaScript, TypeScript), a JSON or YAML configuration, or just its block.
   */
  public static Conversion convert(String source) {
    K6Thresholds conversion = new K6Thresholds();
    K6Source.thresholds(source).forEach(conversion::metric);
    return new Conversion(List.copyOf(conversion.rules), List.copyOf(conversion.notes));
  }

  private void metric(String key, Object thresholds) {
    if (rules.size() + notes.size() >= RuleYaml.MOST_RULES) {
      return;
    }
    List<?> list = thresholds instanceof List<?> several ? several : List.of(thresholds);
    for (Object threshold : list) {
      if (threshold instanceof String assertion) {
        threshold(key, assertion, false, Optional.empty());
      } else if (threshold instanceof Map<?, ?> block
          && block.get("threshold") instanceof String assertion) {
        Optional<String> delay =
            Optional.ofNullable(block.get("delayAbortEval")).map(Object::toString);
        threshold(key, assertion, Boolean.TRUE.equals(block.get("abortOnFail")), delay);
      } else {
        notes.add(
            key + ": " + threshold + " is not a threshold; expected text such as 'p(95)<200'");
      }
    }
  }

  private void threshold(String key, String assertion, boolean abort, Optional<String> delay) {
    String label = key + ": " + assertion.strip();
    Matcher parts = ASSERTION.matcher(assertion);
    if (assertion.length() > LONGEST_ASSERTION || !parts.matches()) {
      notes.add(label + ": not kept: not a threshold k6 would read, such as p(95)<200");
      return;
    }
    int brace = key.indexOf('{');
    String metric = (brace < 0 ? key : key.substring(0, brace)).strip();
    try {
      SeriesSelector series = brace < 0 ? SeriesSelector.RUN : selector(key.substring(brace));
      OfMetric condition = condition(metric, parts);
      add(label, condition, series);
      if (abort) {
        addAbort(label, condition, series, delay);
      }
      remarks(label, metric, series);
    } catch (IllegalArgumentException notKept) {
      notes.add(label + ": not kept: " + notKept.getMessage());
    }
  }

  private static OfMetric condition(String metric, Matcher parts) {
    String method = parts.group(1);
    String percent = parts.group(2);
    String relation = parts.group(3).equals("===") ? "==" : parts.group(3);
    String statistic = percent != null ? "p" + percent : method.equals("med") ? "p50" : method;
    double value = Double.parseDouble(parts.group(4));
    Optional<String> ours =
        switch (metric + " " + method.replaceFirst("\\(.*", "")) {
          case "http_req_duration avg",
              "http_req_duration min",
              "http_req_duration max",
              "http_req_duration med",
              "http_req_duration p" ->
              Optional.of("service_time_" + statistic);
          case "http_req_waiting avg" -> Optional.of(Kind.FIRST_BYTE_AVG.stem());
          case "http_req_connecting avg" -> Optional.of(Kind.CONNECT_AVG.stem());
          case "http_req_failed rate" -> Optional.of(Kind.ERROR_RATE.stem());
          case "http_reqs count" -> Optional.of(Kind.REQUESTS.stem());
          case "http_reqs rate" -> Optional.of(Kind.THROUGHPUT.stem());
          case "vus value" -> Optional.of(Kind.ACTIVE_USERS.stem());
          default -> Optional.empty();
        };
    String name =
        ours.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no metric here for " + method + " of " + metric));
    // k6 has failures as a share of one.
    double threshold = name.equals(Kind.ERROR_RATE.stem()) ? percent(value) : value;
    return Rule.condition(name + " " + relation + " " + Numbers.plain(threshold));
  }

  private static double percent(double share) {
    return java.math.BigDecimal.valueOf(share).movePointRight(2).doubleValue();
  }

  private static SeriesSelector selector(String braces) {
    if (!braces.endsWith("}")) {
      throw new IllegalArgumentException("the selector " + braces + " is never closed");
    }
    List<String> tests = new ArrayList<>();
    for (String pair : braces.substring(1, braces.length() - 1).split(",", -1)) {
      int colon = pair.indexOf(':');
      String tag = (colon < 0 ? pair : pair.substring(0, colon)).strip();
      String value = colon < 0 ? "" : unquoted(pair.substring(colon + 1).strip());
      if (colon < 0 || tag.isEmpty()) {
        throw new IllegalArgumentException("expected {tag:value}, not " + braces);
      }
      if (NO_PART_OF_A_SERIES.contains(tag)) {
        throw new IllegalArgumentException("series are not split by " + tag);
      }
      tests.add(
          switch (tag) {
            case "name", "method" -> tag + " == " + Cursor.quote(value);
            // k6 writes the group checkout as ::checkout.
            case "group" ->
                "group == " + Cursor.quote(value.startsWith("::") ? value.substring(2) : value);
            default -> "tag." + tag + " == " + Cursor.quote(value);
          });
    }
    return SeriesSelector.parse(String.join(" && ", tests));
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() > 1
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(0) == value.charAt(value.length() - 1);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** k6 judges everything since the start and fails the test by what stands at its end. */
  private void add(String label, OfMetric condition, SeriesSelector series) {
    Rule.Draft draft = new Rule.Draft(condition);
    draft.name = unique(label);
    draft.series = series;
    draft.minRequests = Math.min(1, condition.metric().defaultMinRequests());
    if (condition.metric().kind() == Kind.ACTIVE_USERS) {
      notes.add(label + ": judged in every 10s, not only by the last value of the test");
    } else {
      draft.overMicros = Rule.WHOLE_RUN;
    }
    rules.add(draft.rule());
  }

  private void addAbort(
      String label, OfMetric condition, SeriesSelector series, Optional<String> delay) {
    if (condition.metric().kind() == Kind.REQUESTS) {
      notes.add(label + ": abortOnFail not kept: requests are not counted over the run so far");
      return;
    }
    Rule.Draft draft = new Rule.Draft(condition);
    draft.name = unique(label + " (abort)");
    draft.series = series;
    draft.severity = Severity.CRITICAL;
    draft.action = ObjectiveAction.ABORT;
    delay.ifPresent(text -> draft.ignoreMicros = Times.parseMicros(text));
    rules.add(draft.rule());
    notes.add(
        label
            + ": abortOnFail looks at each 10s by itself, k6 at everything since the start; set over"
            + " and for to taste");
  }

  private void remarks(String label, String metric, SeriesSelector series) {
    if (metric.equals("http_req_duration")) {
      notes.add(
          label
              + ": kept as service time, which is what k6 measures; response_time also counts how"
              + " late a request was sent");
    }
    if (!series.equals(SeriesSelector.RUN)) {
      notes.add(
          label
              + ": k6 takes all requests with these tags together; here each series with them is"
              + " judged by itself");
    }
  }

  private String unique(String label) {
    String plain = label.replaceAll("\\p{Cntrl}", " ");
    String base =
        plain.length() <= Rule.LONGEST_NAME - 6 ? plain : plain.substring(0, Rule.LONGEST_NAME - 6);
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + " #" + i;
    }
    return name;
  }
}
