package io.tailrace.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class RuleYamlTest {
  @Test
  void readsTheLongForm() {
    List<Rule> rules =
        read(
            """
            - name: checkout is quick
              objective: p95 < 500ms
              series: "POST /checkout"
              over: 10s
              for: 30s
              recover: 20s
              severity: critical
              action: abort
              ignore: first 30s
            """);
    assertThat(rules)
        .containsExactly(
            new Rule(
                "checkout is quick",
                Rule.condition("p95 < 500ms"),
                SeriesSelector.parse("POST /checkout"),
                10_000_000,
                30_000_000,
                20_000_000,
                30_000_000,
                20,
                Severity.CRITICAL,
                ObjectiveAction.ABORT));
  }

  @Test
  void readsTheShortForm() {
    List<Rule> rules = read("[\"p95 < 500ms\", \"error_rate < 1% over 10s for 30s\"]");
    assertThat(rules)
        .extracting(Rule::name)
        .containsExactly("p95 < 500ms", "error_rate < 1% for 30s");
    assertThat(rules.get(1).forMicros()).isEqualTo(30_000_000);
    assertThat(read("p95 < 500ms")).hasSize(1);
    assertThat(read("[]")).isEmpty();
  }

  @Test
  void readsBareNumbersAsMilliseconds() {
    Rule rule =
        read("- {objective: p95 < 500, over: 10000, for: 30000, over: 10000}"
                .replace(", over: 10000}", "}"))
            .get(0);
    assertThat(rule.overMicros()).isEqualTo(10_000_000);
    assertThat(rule.forMicros()).isEqualTo(30_000_000);
  }

  @Test
  void reportsAllFaultsAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    - p95 < 5%
                    - objective: p95 < 500ms
                      over: 10s
                      for: -5s
                      severity: dire
                      until: tomorrow
                    - name: lonely
                    - objective: eror_rate < 1
                      action: explode
                    - 17
                    """))
        .hasMessageContaining("sla[0]: column 8 of \"p95 < 5%\": % is not a unit")
        .hasMessageContaining("sla[1].for: column 1 of \"-5s\": expected a duration of 0 or more")
        .hasMessageContaining("sla[1].severity: \"dire\"; expected info, warning or critical")
        .hasMessageContaining("sla[1].until: unknown key; known here: name, objective")
        .hasMessageContaining("sla[2].objective: missing")
        .hasMessageContaining("sla[3].objective: column 1")
        .hasMessageContaining("sla[3].action: \"explode\"; expected none or abort")
        .hasMessageContaining("sla[4]: 17; expected an objective");
  }

  @Test
  void namesTheLineOfEachFault() {
    SettingsSource source =
        SettingsSource.ofYaml(
            """
            sla:
              - p95 < 500ms
              - p95 < 5%
              - name: slow
                objective: eror < 1
              - {objective: p95 < 1s, until: 3s}
            """);
    assertThatThrownBy(() -> Settings.of(source).read(root -> RuleYaml.read(root, "sla")))
        .hasMessageContaining(":3: sla[1]: column 8 of \"p95 < 5%\"")
        .hasMessageContaining(":4: sla[2].objective: column 1")
        .hasMessageContaining(":6: sla[3].until: unknown key");
  }

  @Test
  void refusesOneNameForTwo() {
    assertThatThrownBy(() -> read("[\"p95 < 500ms\", \"p95 < 500\"]"))
        .hasMessageContaining("sla[1]: another objective is named \"p95 < 500ms\"");
  }

  @Test
  void printsWhatReadsBack() {
    List<Rule> rules =
        read(
            """
            - p95 < 500ms
            - error_rate < 1% on "tag.team == \\"a\\"" over run
            - name: 'a "quoted" name: with # and \\'
              objective: p99 < 1s
              series: GET /*
              over: 1m
              ignore: first 5s
              min_requests: 3
              severity: info
            - name: whole
              objective: requests > 10
              over: run
            """);
    assertThat(read(RuleYaml.print(rules))).isEqualTo(rules);
  }

  @Test
  void readsTenThousandRulesInBoundedTimeAndRefusesMore() {
    List<Object> many = new ArrayList<>();
    for (int i = 1; i <= RuleYaml.MOST_RULES; i++) {
      many.add(
          Map.of("name", "rule " + i, "objective", "p95 < " + i + "ms", "series", "GET /" + i));
    }
    Assertions.assertTimeout(
        Duration.ofSeconds(10), () -> assertThat(RuleYaml.read(many, "sla")).hasSize(10_000));
    many.add("p95 < 1ms");
    assertThatThrownBy(() -> RuleYaml.read(many, "sla"))
        .hasMessageContaining("10001 objectives; expected at most 10000");
    assertThatThrownBy(() -> RuleYaml.read(Collections.nCopies(10_000, "p95 < 5%"), "sla"))
        .hasMessageContaining("sla[9999]");
  }

  private static List<Rule> read(String yaml) {
    String document = "sla:\n" + yaml.indent(2);
    return Settings.of(SettingsSource.ofYaml(document)).read(s -> RuleYaml.read(s, "sla"));
  }
}
