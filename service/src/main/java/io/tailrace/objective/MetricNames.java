package io.tailrace.objective;

import io.tailrace.objective.Metric.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The catalogue: every name a metric can be written by. */
final class MetricNames {
  private static final Map<String, Metric> FIXED = fixed();
  private static final List<String> EXAMPLES = examples();

  private MetricNames() {}

  /** The metric that {@code word} names, or a fault at {@code start}. */
  static Metric find(Cursor cursor, int start, String word) {
    String name = word.toLowerCase(Locale.ROOT);
    Metric metric = FIXED.get(name);
    if (metric != null) {
      return metric;
    }
    if (name.startsWith("status_")) {
      return status(cursor, start, name.substring("status_".length()));
    }
    if (name.startsWith("response_time_p")) {
      return percentile(
          cursor, start, Kind.RESPONSE_PERCENTILE, name.substring("response_time_p".length()));
    }
    if (name.startsWith("service_time_p")) {
      return percentile(
          cursor, start, Kind.SERVICE_PERCENTILE, name.substring("service_time_p".length()));
    }
    if (name.length() > 1 && name.charAt(0) == 'p' && Character.isDigit(name.charAt(1))) {
      return percentile(cursor, start, Kind.RESPONSE_PERCENTILE, name.substring(1));
    }
    throw cursor.fault(
        start,
        "there is no metric " + word + nearest(name).map(n -> "; did you mean " + n).orElse(""));
  }

  static Metric status(Cursor cursor, int start, String word) {
    String status = word.isEmpty() ? cursor.number() + cursor.unit() : word;
    String digits = status.toLowerCase(Locale.ROOT);
    if (digits.matches("[1-5]xx")) {
      return Metric.status(digits.charAt(0) - '0');
    }
    if (digits.matches("[1-5][0-9][0-9]|0")) {
      return Metric.status(Integer.parseInt(digits));
    }
    throw cursor.fault(
        start, "expected a status such as 503, a class such as 5xx, or 0 for no answer");
  }

  private static Metric percentile(Cursor cursor, int start, Kind kind, String digits) {
    String fault = "expected a percentile above 0 and up to 100, such as p95, p99.9 or p999";
    if (!digits.matches("[0-9]{1,6}(\\.[0-9]{1,4})?")) {
      throw cursor.fault(start, fault);
    }
    double percent = Double.parseDouble(digits);
    if (percent > 100 && digits.indexOf('.') < 0) {
      // p999 is how everyone writes the 99.9th.
      percent = Double.parseDouble(digits.substring(0, 2) + "." + digits.substring(2));
    }
    if (!(percent > 0 && percent <= 100)) {
      throw cursor.fault(start, fault);
    }
    return Metric.percentile(kind, percent);
  }

  private static Map<String, Metric> fixed() {
    Map<String, Metric> names = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      if (!kind.hasArgument()) {
        names.put(kind.stem(), Metric.of(kind));
      }
    }
    alias(names, Kind.RESPONSE_MIN, "min");
    alias(names, Kind.RESPONSE_AVG, "avg", "mean", "response_time_mean");
    alias(names, Kind.RESPONSE_MAX, "max");
    alias(names, Kind.SERVICE_AVG, "service_time_mean");
    alias(names, Kind.LATENESS_AVG, "lateness_mean");
    alias(names, Kind.THROUGHPUT, "rps");
    alias(names, Kind.ACTIVE_USERS, "virtual_users");
    Metric median = Metric.percentile(Kind.RESPONSE_PERCENTILE, 50);
    List.of("med", "median", "response_time_median").forEach(n -> names.put(n, median));
    names.put("service_time_median", Metric.percentile(Kind.SERVICE_PERCENTILE, 50));
    return Map.copyOf(names);
  }

  private static void alias(Map<String, Metric> names, Kind kind, String... aliases) {
    for (String alias : aliases) {
      names.put(alias, Metric.of(kind));
    }
  }

  private static List<String> examples() {
    List<String> names = new ArrayList<>(new TreeMap<>(FIXED).keySet());
    for (String p : List.of("p50", "p75", "p90", "p95", "p99", "p999")) {
      names.add(p);
      names.add("response_time_" + p);
      names.add("service_time_" + p);
    }
    names.add("status_5xx");
    return List.copyOf(names);
  }

  /** The known name that is fewest edits away, if it is near. */
  private static Optional<String> nearest(String name) {
    String best = "";
    int least = Math.max(2, name.length() / 3) + 1;
    for (String known : EXAMPLES) {
      int edits = name.length() > 64 ? Integer.MAX_VALUE : edits(name, known);
      if (edits < least) {
        least = edits;
        best = known;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
