package io.tailrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.sink.core.service.Outputs;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Blocks as users write them load as they stand, and what of them cannot apply is said. */
class UsersBlocksTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "ELASTIC_USER", "me",
          "ELASTIC_PASSWORD", "secret-of-elastic",
          "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
          "AWS_SECRET_ACCESS_KEY", "secret-of-aws",
          "SLACK_WEBHOOK", "https://hooks.slack.com/services/T0/B0/secret-of-slack",
          "JIRA_USER", "me@example.com",
          "JIRA_TOKEN", "secret-of-jira");

  private static final String BLOCKS =
      """
      outputs:
        elasticsearch:
          enabled: true
          hosts: ["http://elasticsearch:9200"]
          index: "perfornium-metrics-{{date.YYYY.MM}}"

          authentication:
            username: "{{env.ELASTIC_USER}}"
            password: "{{env.ELASTIC_PASSWORD}}"

          mappings:
            timestamp: "date"
            test_name: "keyword"
            metric_name: "keyword"
            metric_value: "double"
            tags: "object"

          bulk_size: 1000
          flush_interval: 30s

        cloudwatch:
          enabled: true
          region: "us-west-2"
          namespace: "Perfornium/LoadTesting"

          credentials:
            access_key: "{{env.AWS_ACCESS_KEY_ID}}"
            secret_key: "{{env.AWS_SECRET_ACCESS_KEY}}"

          metrics:
            - name: "ResponseTime"
              unit: "Milliseconds"
              dimensions:
                TestName: "{{test_name}}"
                Environment: "{{environment}}"

            - name: "Throughput"
              unit: "Count/Second"
              dimensions:
                TestName: "{{test_name}}"

          alarms:
            - name: "HighResponseTime"
              metric: "ResponseTime"
              statistic: "Average"
              threshold: 1000
              comparison: "GreaterThanThreshold"
              evaluation_periods: 2

        slack:
          enabled: true
          webhook: "{{env.SLACK_WEBHOOK}}"
          channel: "#performance"

          notifications:
            test_start:
              enabled: true
              message: "\uD83D\uDE80 Performance test started: {{test_name}}"

            test_complete:
              enabled: true
              template: |
                {{#if sla_passed}}\u2705{{else}}\u274C{{/if}} Performance test completed

                **Test:** {{test_name}}
                **Duration:** {{duration}}
                **Results:**
                \u2022 Response Time P95: {{metrics.response_time_p95}}ms
                \u2022 Throughput: {{metrics.throughput}} req/s
                \u2022 Error Rate: {{metrics.error_rate}}%

                <{{report_url}}|View Full Report>

            sla_violations:
              enabled: true
              message: "\u26A0\uFE0F SLA violation detected in {{test_name}}: {{violation_details}}"

          thread_replies: true
          user_mentions:
            - "@performance-team"
            - "@on-call"

        jira:
          enabled: true
          url: "https://company.atlassian.net"
          username: "{{env.JIRA_USER}}"
          api_token: "{{env.JIRA_TOKEN}}"

          issue_creation:
            enabled: true
            project: "PERF"
            issue_type: "Bug"

            conditions:
              - sla_violations: true
              - error_rate: "> 5"

            template:
              summary: "Performance degradation detected in {{test_name}}"
              description: |
                Performance test results indicate issues:

                h3. Test Details
                * Test Name: {{test_name}}
                * Duration: {{duration}}
                * Environment: {{environment}}

                h3. Metrics
                * Response Time P95: {{metrics.response_time_p95}}ms
                * Throughput: {{metrics.throughput}} req/s
                * Error Rate: {{metrics.error_rate}}%

                h3. SLA Violations
                {{#each sla_violations}}
                * {{this.metric}}: {{this.actual}} (threshold: {{this.threshold}})
                {{/each}}

                [View Full Report|{{report_url}}]

              labels: ["performance", "automated"]
              assignee: "performance-team"
      """;

  @Test
  void loadAndSayWhatHasNoEffect() {
    Settings root =
        Settings.of(SettingsSource.ofYaml(BLOCKS).withEnvironment(ENVIRONMENT)).declare("outputs");
    try (Outputs outputs = Outputs.open(root, Outputs.ALL, kafka -> kafka)) {
      assertThat(outputs.names())
          .containsExactlyInAnyOrder("elasticsearch", "cloudwatch", "slack", "jira");
      assertThat(outputs.notes())
          .hasSize(2)
          .anyMatch(note -> note.contains("slack.channel") && note.contains("was made for"))
          .anyMatch(note -> note.contains("slack.thread_replies") && note.contains("webhook"))
          .noneMatch(note -> note.contains("secret-of"));
    }
  }
}
