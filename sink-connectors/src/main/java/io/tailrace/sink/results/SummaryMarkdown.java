package io.tailrace.sink.results;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** A run as a page for people, from its {@code metrics.json}. */
final class SummaryMarkdown {
  private SummaryMarkdown() {}

  static String of(JsonNode metrics) {
    StringBuilder page = new StringBuilder();
    String title = metrics.path("test_name").asText(metrics.path("run_id").asText());
    page.append("# ").append(escape(title)).append(": ");
    page.append(metrics.path("verdict").asText()).append("\n\n");
    if (metrics.path("stopped").isTextual()) {
      page.append("- stopped: ").append(escape(metrics.path("stopped").asText())).append('\n');
    }
    for (JsonNode reason : metrics.path("reasons")) {
      page.append("- ").append(escape(reason.asText())).append('\n');
    }
    line(
        page,
        "%nRun `%s`, %s, %.1f s%n",
        metrics.path("run_id").asText().replace('`', '\''),
        metrics.path("start").asText(),
        metrics.path("duration").asDouble());
    totals(page, metrics.path("totals"));
    objectives(page, metrics.path("objectives"));
    ledger(page, metrics.path("ledger"));
    return page.toString();
  }

  private static void totals(StringBuilder page, JsonNode totals) {
    page.append("| series | requests | errors | req/s | p50 ms | p95 ms | p99 ms | max ms |\n");
    page.append("|---|---:|---:|---:|---:|---:|---:|---:|\n");
    for (JsonNode total : totals) {
      line(
          page,
          "| %s | %d | %.2f %% | %.1f | %s | %s | %s | %s |",
          escape(total.path("series").asText()),
          total.path("requests").asLong(),
          total.path("error_rate").asDouble(),
          total.path("throughput").asDouble(),
          millis(total.path("response_time_p50")),
          millis(total.path("response_time_p95")),
          millis(total.path("response_time_p99")),
          millis(total.path("response_time_max")));
    }
  }

  private static void objectives(StringBuilder page, JsonNode objectives) {
    if (objectives.isEmpty()) {
      return;
    }
    page.append("\n| objective | series | status | |\n|---|---|---|---|\n");
    for (JsonNode each : objectives) {
      line(
          page,
          "| %s: %s | %s | %s | %s |",
          escape(each.path("name").asText()),
          escape(each.path("objective").asText()),
          escape(each.path("series").asText()),
          each.path("status").asText(),
          escape(each.path("reason").asText()));
    }
  }

  private static void ledger(StringBuilder page, JsonNode ledger) {
    page.append("\n| node | published | counted | late | rejected | quarantined | dropped | |\n");
    page.append("|---|---:|---:|---:|---:|---:|---:|---|\n");
    for (JsonNode node : ledger) {
      line(
          page,
          "| %s | %d | %d | %d | %d | %d | %d | %s |",
          escape(node.path("node").asText()),
          node.path("published").asLong(),
          node.path("counted").asLong(),
          node.path("late").asLong(),
          node.path("rejected").asLong(),
          node.path("quarantined").asLong(),
          node.path("dropped").asLong(),
          node.path("balanced").asBoolean() ? "balanced" : "NOT BALANCED");
    }
  }

  private static void line(StringBuilder page, String format, Object... values) {
    page.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String millis(JsonNode value) {
    return value.isMissingNode() ? "" : String.format(Locale.ROOT, "%.1f", value.asDouble());
  }

  /** A name from outside must not open a table cell, a link or a line of its own. */
  private static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c < 0x20 || c == 0x7F) {
                safe.append(' ');
              } else {
                if ("\\`*_[]<>|#".indexOf(c) >= 0) {
                  safe.append('\\');
                }
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }
}
