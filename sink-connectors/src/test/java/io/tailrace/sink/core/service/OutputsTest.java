package io.tailrace.sink.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import io.tailrace.objective.Glob;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.provider.Tuning;
import io.tailrace.sink.core.runner.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputsTest {
  private static final String REQUIREMENTS =
      """
      integrations:
        error_handling:
          retry_policy:
            max_attempts: 3
            backoff_strategy: "exponential"
            initial_delay: 1000
            max_delay: 30000

          fallback:
            enabled: true
            local_storage: true
            retry_later: true

          timeout: 30000  # 30 seconds
        security:
          encryption:
            enabled: true
            algorithm: "AES-256-GCM"

          credential_management:
            use_env_vars: true
            rotate_tokens: true
            audit_access: true

          network:
            verify_ssl: true
            allowed_hosts:
              - "*.company.com"
              - "monitoring.example.com"
        performance:
          async: true
          batch_processing: true
          compression: "gzip"
          connection_pooling:
            enabled: true
            max_connections: 10
            idle_timeout: 300000
      """;

  @Test
  void theIntegrationsBlockLoadsAsItStandsAndSaysWhatCannotApply() {
    try (Outputs outputs = open(REQUIREMENTS + "outputs:\n  results:\n    folder: out\n")) {
      assertThat(outputs.names()).containsExactly("results");
      Output results = outputs.sinks().get(0);
      assertThat(results.limits().mostFailures()).isEqualTo(3);
      assertThat(results.limits().pause()).isEqualTo(Duration.ofSeconds(30));
      assertThat(results.pace().backoff())
          .isEqualTo(
              new Backoff(
                  Duration.ofSeconds(1), Duration.ofSeconds(30), Backoff.Strategy.EXPONENTIAL));
      assertThat(outputs.notes())
          .hasSize(8)
          .allMatch(note -> note.contains("has no effect: "))
          .anyMatch(note -> note.contains("local_storage") && note.contains("Kafka"))
          .anyMatch(note -> note.contains("algorithm") && note.contains("TLS"));
    }
  }

  @Test
  void everyKeyOfTheIntegrationsBlockHasItsEffect() {
    Integrations given =
        Integrations.from(
            Settings.of(
                    SettingsSource.ofYaml(
                        """
                        integrations:
                          error_handling:
                            retry_policy: {max_attempts: 7, backoff_strategy: linear, initial_delay: 5, max_delay: 50}
                            timeout: 1234
                          security: {network: {allowed_hosts: ["*.company.com"]}}
                          performance:
                            batch_processing: false
                            compression: none
                            connection_pooling: {enabled: false, max_connections: 3, idle_timeout: 5000}
                        """))
                .block("integrations"));
    CoreOptions core = new CoreOptions(Tuning.DEFAULT, given);
    Settings nothing = Settings.of(SettingsSource.ofYaml("")).block("x");

    assertThat(core.limits(nothing).mostFailures()).isEqualTo(7);
    assertThat(core.limits(nothing).pause()).isEqualTo(Duration.ofMillis(50));
    assertThat(core.pace(nothing).backoff())
        .isEqualTo(
            new Backoff(Duration.ofMillis(5), Duration.ofMillis(50), Backoff.Strategy.LINEAR));
    assertThat(core.pace(nothing).batchItems()).isEqualTo(1);
    assertThat(core.http(nothing).timeout()).isEqualTo(Duration.ofMillis(1234));
    assertThat(core.http(nothing).gzip()).isFalse();
    assertThat(core.http(nothing).keepAlive()).isFalse();
    assertThat(core.http(nothing).connections()).isEqualTo(3);
    assertThat(core.http(nothing).idleTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(given.network()).isEqualTo(new NetworkRules(List.of(Glob.of("*.company.com"))));
  }

  @Test
  void aSinksOwnKeysWin() {
    CoreOptions core =
        new CoreOptions(
            Tuning.DEFAULT.withBatchSizeKey("bulk_size"),
            Integrations.from(
                Settings.of(SettingsSource.ofYaml(REQUIREMENTS)).block("integrations")));
    Settings block =
        Settings.of(
            SettingsSource.ofYaml(
                """
                bulk_size: 17
                flush_interval: 10s
                timeout: 2s
                compression: none
                rate_limit: 2.5
                max_series: 100
                retry: {attempts: 4, backoff: fixed, delay: 20}
                filter: {runs: ["r*"], windows: [10s, 60s], totals: false, series: ["*"]}
                shape: {metrics: [throughput], rename: {throughput: rps}}
                """));

    assertThat(core.pace(block).batchItems()).isEqualTo(17);
    assertThat(core.pace(block).flushInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(core.http(block).timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(core.http(block).gzip()).isFalse();
    assertThat(core.limits(block).attemptsPerSecond()).isEqualTo(2.5);
    assertThat(core.limits(block).seriesPerRun()).isEqualTo(100);
    assertThat(core.limits(block).mostFailures()).isEqualTo(4);
    assertThat(core.pace(block).backoff().strategy()).isEqualTo(Backoff.Strategy.FIXED);
    assertThat(core.selection(block).windowMicros()).isEqualTo(Set.of(10_000_000L, 60_000_000L));
    assertThat(core.selection(block).totals()).isFalse();
    assertThat(core.shape(block).names()).isEqualTo(Map.of("throughput", "rps"));
  }

  @Test
  void aSystemThatIsNotThereYetIsRefusedByName() {
    assertThatThrownBy(() -> open("outputs:\n  sundial:\n    enabled: true\n    x: {y: 1}\n"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("outputs.sundial: there is no sink named sundial yet")
        .hasMessageContaining("there are: ")
        .hasMessageContaining("results");
    assertThatThrownBy(() -> open("outputs:\n  resluts: {}\n"))
        .hasMessageContaining("did you mean results?");
    try (Outputs outputs = open("outputs:\n  sundial: {enabled: false, x: 1}\n  results: {}\n")) {
      assertThat(outputs.names()).containsExactly("results");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch_siez: 5|did you mean batch_size?",
        "batch_size: many|expected a whole number",
        "batch_size: 0|between 1 and",
        "flush_interval: -3|duration",
        "enabled: perhaps|true or false",
        "ca_file: /no/such.pem|a PEM file that can be read",
        "filter: {runz: [a]}|did you mean runs?",
        "filter: {windows: [ten]}|ten",
        "retry: {backoff: sideways}|one of exponential, linear, fixed",
        "compression: zip|one of gzip, none",
        "proxy: {url: 'https://proxy:3128'}|an http:// address",
        "proxy: {username: u}|url",
      })
  void everyFaultNamesItsKeyAndWhatWasExpected(String line, String expected) {
    String yaml = "outputs:\n  results:\n    " + line + "\n    nonsense: 1\n";
    assertThatThrownBy(() -> open(yaml))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("outputs.results." + line.split("[:]", 2)[0])
        .hasMessageContaining(expected)
        .hasMessageContaining("outputs.results.nonsense: unknown key");
  }

  @Test
  void certificatesAreAlwaysVerifiedAndSecretsAlwaysReferences() {
    assertThatThrownBy(
            () ->
                open(
                    "integrations: {security: {network: {verify_ssl: false}}}\n"
                        + "outputs: {results: {}}"))
        .hasMessageContaining("ca_file");
    assertThatThrownBy(
            () ->
                open(
                    "integrations: {security: {credential_management: {use_env_vars: false}}}\n"
                        + "outputs: {results: {}}"))
        .hasMessageContaining("--allow-literal-secrets");
  }

  @Test
  void oneSinkOutOfManyLeavesTheOthersAlone() {
    Settings root = settings("outputs:\n  results: {}\n  sundial: {a: 1}\n");
    try (Outputs outputs = Outputs.open(root, "results", given -> given)) {
      assertThat(outputs.names()).containsExactly("results");
    }
    try (Outputs outputs = Outputs.open(settings(""), "results", given -> given)) {
      assertThat(outputs.names()).containsExactly("results");
    }
    try (Outputs outputs =
        open("outputs: {night: {type: results, folder: n}, day: {type: results, folder: d}}")) {
      assertThat(outputs.names()).containsExactly("night", "day");
    }
  }

  @Test
  void noSinkDeclaresAKeyOfTheCore() {
    for (SinkProvider provider : SinkCatalogue.load().all()) {
      Options both = SinkReference.own(provider).and(SinkReference.core(provider));
      assertThat(both.all().stream().map(Option::key).collect(Collectors.toSet()))
          .as(provider.name())
          .hasSameSizeAs(both.all());
    }
  }

  /** Whatever stands under a key: the block is read, or refused with a reason; nothing breaks. */
  @Test
  void nothingUnderAnyKeyOfAnySinkBreaksTheReading() {
    List<String> values =
        List.of(
            "{a: {b: c}}",
            "[1, [2, {x: y}]]",
            "\"\\u0000\\r\\n}}{{\"",
            "\"{{\"",
            "1e999",
            "-1",
            "''",
            "true",
            "http://[::1",
            "'" + "x".repeat(10_000) + "'");
    boolean first = true;
    for (SinkProvider provider : SinkCatalogue.load().all()) {
      // Those of the core are read alike for all.
      Options own = SinkReference.own(provider);
      Options some = first ? own.and(SinkReference.core(provider)) : own;
      first = false;
      for (Option<?> option : some.all()) {
        for (String value : values) {
          String yaml =
              "outputs:\n  %s:\n    %s: %s\n".formatted(provider.name(), option.key(), value);
          try (Outputs outputs = open(yaml)) {
            assertThat(outputs.names().size()).isLessThanOrEqualTo(1);
          } catch (SettingsException e) {
            assertThat(e.faults()).isNotEmpty().allMatch(fault -> fault.problem().length() > 5);
          }
        }
        String misspelt = option.key() + "x";
        assertThatThrownBy(
                () -> open("outputs: {%s: {%s: 1}}".formatted(provider.name(), misspelt)))
            .isInstanceOf(SettingsException.class)
            .hasMessageContaining(misspelt + ": unknown key; did you mean ");
      }
    }
  }

  private static Outputs open(String yaml) {
    return Outputs.open(settings(yaml), Outputs.ALL, given -> given);
  }

  private static Settings settings(String yaml) {
    return Settings.of(SettingsSource.ofYaml(yaml))
        .declare("aggregate", "integrations", "kafka", "load", "outputs", "service", "topics");
  }
}
