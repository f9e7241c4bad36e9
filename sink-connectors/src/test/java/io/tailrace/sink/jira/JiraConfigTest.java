package io.tailrace.sink.jira;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import io.tailrace.record.Severity;
import io.tailrace.sink.core.Feed;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JiraConfigTest {
  @Test
  void readsTheLeastThereCanBe() {
    JiraConfig config =
        read(
            """
            url: https://company.atlassian.net
            username: me@example.com
            api_token: t
            issue_creation: {project: PERF}
            """);
    assertThat(config.deployment()).isEqualTo(Deployment.CLOUD);
    assertThat(config.issues().per()).isEqualTo(Per.RUN);
    assertThat(config.issues().type()).isEqualTo("Bug");
    assertThat(config.issues().conditions()).isEqualTo(Conditions.DEFAULT);
    assertThat(config.issues().priority(Severity.WARNING)).contains("High");
    assertThat(config.issues().priority(Severity.UNKNOWN)).isEmpty();
  }

  @Test
  void tellsCloudFromDataCenterByTheAddress() {
    assertThat(Deployment.at(URI.create("https://a.atlassian.net"))).isEqualTo(Deployment.CLOUD);
    assertThat(Deployment.at(URI.create("https://api.atlassian.com/ex/jira/1")))
        .isEqualTo(Deployment.CLOUD);
    assertThat(Deployment.at(URI.create("https://jira.company.com")))
        .isEqualTo(Deployment.DATA_CENTER);
    assertThat(Deployment.at(URI.create("https://atlassian.net.evil.com")))
        .isEqualTo(Deployment.DATA_CENTER);
  }

  @Test
  void reportsEveryFaultAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    url: https://company.atlassian.net
                    api_token: t
                    issue_creation:
                      project: "PERF\\" OR 1=1"
                      per: day
                      conditions:
                        - error_rates: "> 5"
                      priorities: {dire: Highest}
                      fields: {summary: x}
                      template: {summary: "{{test_nam}}"}
                    """))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("username")
        .hasMessageContaining("issue_creation.project")
        .hasMessageContaining("issue_creation.per")
        .hasMessageContaining("issue_creation.conditions")
        .hasMessageContaining("priorities.dire")
        .hasMessageContaining("fields.summary")
        .hasMessageContaining("did you mean {{test_name}}");
  }

  @Test
  void readsOnlyWhatItsIssuesAreFor() {
    JiraSinkProvider provider = new JiraSinkProvider();
    assertThat(provider.feeds(settings("issue_creation: {per: run}")))
        .containsExactly(Feed.SUMMARIES);
    assertThat(provider.feeds(settings("issue_creation: {per: objective}")))
        .containsExactly(Feed.VIOLATIONS);
  }

  @Test
  void encodesAnIssue() {
    IssueDraft draft =
        new IssueDraft(
            "PERF",
            "Bug",
            "a \"summary\"",
            "h3. Text\n* line",
            List.of("nightly"),
            Optional.of(new IssueDraft.Assignee("accountId", "5b1")),
            Optional.of("High"),
            Map.of("customfield_1", Map.of("value", "x")));
    assertThat(new String(IssueEncoder.issue(draft), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"fields\":{\"project\":{\"key\":\"PERF\"},\"issuetype\":{\"name\":\"Bug\"},"
                + "\"summary\":\"a \\\"summary\\\"\",\"description\":\"h3. Text\\n* line\","
                + "\"labels\":[\"nightly\"],\"assignee\":{\"accountId\":\"5b1\"},"
                + "\"priority\":{\"name\":\"High\"},\"customfield_1\":{\"value\":\"x\"}}}");
  }

  private static JiraConfig read(String yaml) {
    return settings(yaml)
        .read(block -> new JiraSinkProvider().options().read(block, JiraConfig::from));
  }

  private static Settings settings(String yaml) {
    return Settings.of(SettingsSource.ofYaml(yaml).allowingLiteralSecrets(true));
  }
}
