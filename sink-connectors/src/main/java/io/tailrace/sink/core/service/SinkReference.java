package io.tailrace.sink.core.service;

import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.provider.Tuning;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be set for sinks, for people: made from the declarations that read it. */
public final class SinkReference {
  private static final String HEAD =
      """
      # Sinks

      A sink is a service of its own that carries results to one outside system: `tailrace sink NAME --config tailrace.yaml`, or `all` that are enabled in one process. `tailrace sinks check` connects to every configured target and says how that went, one line each; `tailrace sinks describe NAME` shows this reference in the terminal.

      What a target does not take stays in Kafka and is delivered, in order, when it is back; nothing is given up. A record that a target refuses for good goes to the dead letters with the reason. Wrong credentials, a missing database or a target that refuses everything, such as a proxy, stop that sink, and only that one: `/health/ready` says why, the lag grows until it is mended, and no record is given up on. `/health/live` fails only when all sinks of the process are broken: an orchestrator restarts no healthy one for another, and one that breaks begins again by itself after a minute. `/metrics` has `tailrace_sink_delivered_total`, `_rejected_total`, `_left_out_total`, `_retried_total`, `_ambiguous_total`, `_lag_records`, `_attempt_seconds`, `_running` and `_breaker_open`.

      Secrets are references: `"{{env.NAME}}"`, or `"{{file:PATH}}"` for a file that only its owner may read. Bare numbers for times are milliseconds. Unknown keys are refused with the nearest known one; keys that can have no effect are listed at the start, and here, with the reason.

      This page is generated: `tailrace sinks reference > docs/sinks.md`.
      """;

  private SinkReference() {}

  /** The keys of its own. */
  public static Options own(SinkProvider provider) {
    return provider.options();
  }

  /** The keys that every sink has, with the defaults that suit this one. */
  public static Options core(SinkProvider provider) {
    return new CoreOptions(provider.tuning(), Integrations.NONE).options();
  }

  /** The whole page, in Markdown. */
  public static String page(SinkCatalogue catalogue) {
    StringBuilder page = new StringBuilder(HEAD);
    page.append("\n| sink | what it does | consumes |\n|---|---|---|\n");
    for (SinkProvider provider : catalogue.all()) {
      page.append(
          "| [%1$s](#%1$s) | %2$s | %3$s |\n"
              .formatted(provider.name(), cell(provider.summary()), feeds(provider)));
    }
    for (SinkProvider provider : catalogue.all()) {
      page.append("\n## ").append(provider.name()).append("\n\n");
      page.append(provider.summary()).append("\n\n");
      table(page, own(provider));
      page.append("\n").append(pace(provider.tuning())).append("\n");
    }
    page.append("\n## Keys of every sink\n\n");
    table(page, new CoreOptions(Tuning.DEFAULT, Integrations.NONE).options());
    page.append("\n## integrations\n\nWhat holds for every sink that does not say otherwise.\n\n");
    table(page, Integrations.OPTIONS);
    return page.toString();
  }

  private static String feeds(SinkProvider provider) {
    return provider.feeds().stream()
        .sorted()
        .map(feed -> feed.name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .collect(Collectors.joining(", "));
  }

  private static String pace(Tuning tuning) {
    return "By default up to %d records in a request (`%s`), after %d ms at the latest, %d requests side by side."
        .formatted(
            tuning.batchSize(),
            tuning.batchSizeKey(),
            tuning.flushInterval().toMillis(),
            tuning.parallelism());
  }

  private static void table(StringBuilder page, Options options) {
    page.append("| key | what | value | default |\n|---|---|---|---|\n");
    rows(page, options, "");
  }

  private static void rows(StringBuilder page, Options options, String above) {
    for (Option<?> option : options.all()) {
      String key = above + option.key();
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  key,
                  cell(option.about()),
                  cell(option.kind()),
                  option.byDefault().isEmpty() ? "" : "`" + cell(option.byDefault()) + "`"));
      rows(page, option.inside(), key + ".");
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ");
  }
}
