package io.tailrace.sink.core.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.TestRuns;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("TOKEN", "s3cret<&>", "HOST", "h1");

  @Test
  void rendersWhatTheRequirementsWrite() {
    String text =
        """
        {{#if sla_passed}}ok{{else}}broken{{/if}} {{test_name}} in {{duration}}
        - P95: {{metrics.response_time_p95}}ms, {{metrics.throughput}} req/s
        {{#if sla_violations}}
        ### Violations
        {{#each sla_violations}}
        - {{this.metric}}: {{this.actual}} (threshold: {{this.threshold}})
        {{/each}}
        {{/if}}
        """;

    assertThat(render(text, TemplateModel.of(TestRuns.failed("r1"))))
        .isEqualTo(
            """
            broken checkout in 1s500ms
            - P95: 9.5ms, 7.1 req/s
            ### Violations
            - response_time_p95: 731.5 (threshold: 500)
            """);
    assertThat(
            render(
                "{{sla_passed ? 'success' : 'failure'}}", TemplateModel.of(TestRuns.failed("r"))))
        .isEqualTo("failure");
    assertThat(
            render(
                "{{sla_passed ? 'success' : 'failure'}}", TemplateModel.of(TestRuns.passed("r"))))
        .isEqualTo("success");
  }

  @ParameterizedTest
  @CsvSource({
    "m-{{date.YYYY.MM}},        m-1970.01",
    "{{date}},                  1970-01-01",
    "{{date.YYYY-MM-DD}},       1970-01-01",
    "{{date.YYYY.MM.DD.HH}},    1970.01.01.00",
    "{{env.HOST}},              h1",
    "{{test_id}},               r1",
    "{{requests}},              10",
    "{{timestamp}},             1970-01-01T00:00:01Z",
  })
  void rendersAWindow(String template, String expected) {
    assertThat(render(template, TemplateModel.of(TestAggregates.window("r1", "*", 0, 10))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{tets_name}}|unknown name {{tets_name}}; did you mean {{test_name}}?",
        "{{metrics.troughput}}|did you mean {{metrics.throughput}}?",
        "{{#if sla_passed}}{{tets_name}}{{/if}}|did you mean {{test_name}}?",
        "{{#if sla_passed}}{{else}}{{tets_name}}{{/if}}|did you mean {{test_name}}?",
        "{{#each sla_violations}}{{sevrity}}{{/each}}|did you mean {{severity}}?",
        "{{#each sla_violatons}}{{/each}}|did you mean {{sla_violations}}?",
        "{{slapassed ? 'a' : 'b'}}|did you mean {{sla_passed}}?",
        "{{env.NOBODY}}|environment variable NOBODY is not set",
        "{{date.YYYY.QQ}}|expected a date of YYYY",
        "{{#with metrics}}{{/with}}|there is no {{#with}}",
        "{{> other}}|cannot include another one",
        "{{#*inline 'x'}}{{/inline}}|cannot include another one",
        "{{{test_name}}}|would put a value in unescaped",
        "{{&test_name}}|would put a value in unescaped",
        "{{^sla_passed}}x{{/sla_passed}}|write {{#unless sla_passed}}",
        "{{=<% %>=}}|cannot be changed",
        "{{#if sla_passed}}|not a template",
        "{{lookup metrics 'requests'}}|could not find helper",
      })
  void refusesWhatItDoesNotKnowAtTheStart(String template, String reason) {
    assertThatThrownBy(() -> compile(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"class", "getClass", "run_id.bytes", "tags.x.length", "this.class"})
  void callsNoMethods(String name) {
    String rendered;
    try {
      rendered = render("{{" + name + "}}", TemplateModel.of(TestRuns.passed("r1")));
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(rendered).isEmpty();
  }

  @Test
  void escapesValuesAndKeepsWhatTheAuthorWrote() {
    String nasty = "a\"b\\c\n</x>}}";
    assertThat(
            Template.compile("{\"n\":\"{{test_name}}\"}", Escape.json(), TemplateTest::variable)
                .render(TemplateModel.of(TestRuns.named("r1", nasty))))
        .isEqualTo("{\"n\":\"a\\\"b\\\\c\\n</x>}}\"}");
    assertThat(
            Template.compile("<b>{{env.TOKEN}}</b>", Escape.html(), TemplateTest::variable)
                .render(TemplateModel.of(TestRuns.passed("r1"))))
        .isEqualTo("<b>s3cret&lt;&amp;&gt;</b>");
  }

  @Test
  void aValueIsNeverATemplate() {
    assertThat(render("{{test_name}}", TemplateModel.of(TestRuns.named("r1", "{{env.TOKEN}}"))))
        .isEqualTo("{{env.TOKEN}}");
  }

  @Test
  void isBoundedInStepsAndLength() {
    Template nested =
        compile("{{#each sla_violations}}".repeat(8) + "xxxxxxxxxx" + "{{/each}}".repeat(8));
    assertThatThrownBy(() -> nested.render(TemplateModel.of(TestRuns.violating("r1", 20))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("steps");
    Template wide = compile("{{#each sla_violations}}" + "x".repeat(60_000) + "{{/each}}");
    assertThatThrownBy(() -> wide.render(TemplateModel.of(TestRuns.violating("r1", 20))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("characters");
    assertThatThrownBy(() -> compile("{{#if errors}}".repeat(5_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> compile("x".repeat(70_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWholeBlockOfValuesIsJson() {
    assertThat(render("{{metrics}}", TemplateModel.of(TestAggregates.window("r1", "*", 0, 10))))
        .startsWith("{\"requests\":10,")
        .contains("\"response_time_p95\":9.5");
  }

  @Test
  void doesNotPrintTheEnvironment() {
    assertThat(compile("Bearer {{env.TOKEN}}")).hasToString("Bearer {{env.TOKEN}}");
    assertThat(compile("Bearer {{env.TOKEN}}").isConstant()).isTrue();
    assertThat(compile("{{test_name}}").isConstant()).isFalse();
  }

  private static String render(String template, TemplateModel model) {
    return compile(template).render(model);
  }

  private static Template compile(String template) {
    return Template.compile(template, Escape.none(), TemplateTest::variable);
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(ENVIRONMENT.get(name));
  }
}
