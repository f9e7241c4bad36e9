package io.tailrace.sink.jira;

import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.template.Escape;
import io.tailrace.sink.core.template.Template;
import io.tailrace.sink.core.template.TemplateModel;
import java.util.List;
import java.util.Optional;

/** What issues say; values in descriptions and comments are escaped for wiki markup. */
record IssueTexts(
    Template summary,
    Template description,
    List<Template> labels,
    Optional<String> assignee,
    Template comment,
    Template resolved) {
  private static final Escape PLAIN = Escape.none();
  private static final Escape WIKI = WikiMarkup::escape;
  private static final Template DEFAULT_SUMMARY =
      Template.of(
          "{{test_name}}: {{#if violation_details}}{{violation_details}}{{else}}"
              + "results that call for an issue{{/if}}",
          PLAIN);
  private static final Template DEFAULT_DESCRIPTION =
      Template.of(
          """
          {{#if violation_details}}{{violation_details}}

          {{/if}}h3. Test
          * Test: {{test_name}}
          * Run: {{run_id}}
          {{#if environment}}
          * Environment: {{environment}}
          {{/if}}
          {{#if version}}
          * Version: {{version}}
          {{/if}}
          {{#if duration}}
          * Duration: {{duration}}
          {{/if}}
          {{#if throughput}}

          h3. Results
          * Response time p95: {{response_time_p95}} ms
          * Throughput: {{throughput}} requests/s
          * Error rate: {{error_rate}} %
          {{/if}}
          {{#if sla_violations}}

          h3. Objectives that did not hold
          {{#each sla_violations}}
          * {{this.expression}} ({{this.series}}, {{this.severity}}): {{this.message}}
          {{/each}}
          {{/if}}
          {{#if report_url}}

          [Report|{{report_url}}]
          {{/if}}
          """,
          WIKI);
  private static final Template DEFAULT_COMMENT =
      Template.of("Run {{run_id}}: {{violation_details}}", WIKI);

  private static final Option<Template> SUMMARY =
      Option.template("summary", "The issue's title, one line.", PLAIN).or(DEFAULT_SUMMARY);
  private static final Option<Template> DESCRIPTION =
      Option.template("description", "The issue's text, in wiki markup.", WIKI)
          .or(DEFAULT_DESCRIPTION);
  private static final Option<List<Template>> LABELS =
      Option.templates("labels", "Labels; blanks in them become hyphens.", PLAIN).or(List.of());
  private static final Option<Optional<String>> ASSIGNEE =
      Option.text(
              "assignee",
              "Who is assigned: an account id, an e-mail address, a user's name or display name."
                  + " Where nobody is found, the issue is filed unassigned.")
          .optional();
  private static final Option<Template> COMMENT =
      Option.template("comment", "What is added when more happens, in wiki markup.", WIKI)
          .or(DEFAULT_COMMENT);
  private static final Option<Template> RESOLVED =
      Option.template("resolved", "What is added when a violation is over, in wiki markup.", WIKI)
          .or(DEFAULT_COMMENT);

  static final Options OPTIONS =
      Options.of(SUMMARY, DESCRIPTION, LABELS, ASSIGNEE, COMMENT, RESOLVED);

  static IssueTexts from(Settings block) {
    return new IssueTexts(
        SUMMARY.from(block),
        DESCRIPTION.from(block),
        LABELS.from(block),
        ASSIGNEE.from(block),
        COMMENT.from(block),
        RESOLVED.from(block));
  }

  List<String> labels(TemplateModel model) {
    return labels.stream()
        .map(label -> Texts.label(label.render(model)))
        .filter(label -> !label.isEmpty())
        .distinct()
        .toList();
  }
}
