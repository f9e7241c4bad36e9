package io.tailrace.sink.jira;

import io.tailrace.config.Secret;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import java.net.URI;
import java.util.Optional;

/** Which Jira, as whom, and what is filed there. */
record JiraConfig(
    URI url, Deployment deployment, Optional<String> username, Secret token, IssueConfig issues) {
  private static final Option<URI> URL =
      Option.url("url", "Where Jira is, such as https://company.atlassian.net.").required();
  private static final Option<Optional<Deployment>> DEPLOYMENT =
      Option.choice(
              "deployment",
              "Which Jira it is; without it, what the address suggests: cloud for atlassian.net,"
                  + " data-center for all others.",
              Deployment.class)
          .optional();
  private static final Option<Optional<String>> USERNAME =
      Option.text(
              "username",
              "Who files issues: on Jira Cloud the e-mail address of the token's owner. Without"
                  + " it the token is sent alone, as Data Center's personal access tokens are.")
          .optional();
  private static final Option<Secret> API_TOKEN =
      Option.secret("api_token", "The user's API token, a password, or a personal access token.")
          .required();
  private static final Option<IssueConfig> ISSUES =
      Option.block(
          "issue_creation", "Which issues are filed.", IssueConfig.OPTIONS, IssueConfig::from);

  static final Options OPTIONS = Options.of(URL, DEPLOYMENT, USERNAME, API_TOKEN, ISSUES);

  static JiraConfig from(Settings block) {
    URI url = URL.from(block);
    Deployment deployment = DEPLOYMENT.from(block).orElseGet(() -> Deployment.at(url));
    Optional<String> username = USERNAME.from(block);
    if (deployment == Deployment.CLOUD && username.isEmpty()) {
      block.fault(
          "username", "missing; Jira Cloud expects the e-mail address of the token's owner");
    }
    return new JiraConfig(url, deployment, username, API_TOKEN.from(block), ISSUES.from(block));
  }
}
